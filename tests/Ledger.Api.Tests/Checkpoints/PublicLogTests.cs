using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Checkpoints;

public class PublicLogTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Anybody_can_rebuild_the_root_of_a_public_log_from_its_tiles()
    {
        var tenant = await ledger.AddTenantAsync(isPublic: true);
        const int size = 300; // one full tile, one partial, and a tile above them
        using (var writer = ledger.ClientFor(tenant))
        {
            var items = string.Join(',', Enumerable.Range(0, size).Select(i => $$"""{"subject":"s{{i}}","payload":"QQ=="}"""));
            using var answer = await writer.PostAsync("/append/batch", Answers.Json($$"""{"items":[{{items}}]}"""));
            await answer.JsonAsync();
        }
        await ledger.CoverAsync();

        using var anybody = ledger.Anonymous();
        var checkpoint = (await anybody.GetStringAsync(new Uri($"/log/{tenant}/checkpoint", UriKind.Relative))).Split('\n');
        Assert.Equal([$"ledger.test/log/{tenant}", size.ToString(CultureInfo.InvariantCulture)], checkpoint[..2]);

        // RFC 6962 as its text defines it, in nobody's code but this test's.
        var leaves = new List<byte[]>();
        foreach (var (path, width) in new[] { ("tile/entries/000", 256), ("tile/entries/001.p/44", 44) })
        {
            var bundle = await anybody.GetByteArrayAsync(new Uri($"/log/{tenant}/{path}", UriKind.Relative));
            var at = 0;
            for (var i = 0; i < width; i++)
            {
                var length = bundle[at] << 8 | bundle[at + 1];
                leaves.Add(SHA256.HashData([0, .. bundle.AsSpan(at + 2, length)]));
                at += 2 + length;
            }
            Assert.Equal(bundle.Length, at);
        }
        Assert.Equal(checkpoint[2], Convert.ToBase64String(Root(leaves)));

        var level0 = await anybody.GetByteArrayAsync(new Uri($"/log/{tenant}/tile/0/000", UriKind.Relative));
        Assert.Equal(leaves.Take(256).SelectMany(leaf => leaf), level0);
        Assert.Equal(leaves.Skip(256).Take(7).SelectMany(leaf => leaf),
            await anybody.GetByteArrayAsync(new Uri($"/log/{tenant}/tile/0/001.p/7", UriKind.Relative)));
        Assert.Equal(Root(leaves[..256]), await anybody.GetByteArrayAsync(new Uri($"/log/{tenant}/tile/1/000.p/1", UriKind.Relative)));
    }

    [PostgresTheory]
    [InlineData("tile/0/001")]
    [InlineData("tile/0/000.p/4")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/03")]
    [InlineData("tile/0/0")]
    [InlineData("tile/1/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/")]
    [InlineData("tile/entries/001")]
    [InlineData("tile/entries/000.p/4")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/999")]
    [InlineData("1/checkpoint")]
    [InlineData("02/checkpoint")]
    [InlineData("2/checkpoint")]
    public async Task A_tile_that_no_signed_tree_has_is_not_there(string path)
    {
        var tenant = await ledger.AddTenantAsync(isPublic: true);
        await ledger.AppendManyAsync(tenant, 3);
        await ledger.CoverAsync();
        await ledger.AppendManyAsync(tenant, 1); // no checkpoint covers it: it is not shown
        using var anybody = ledger.Anonymous();
        using var answer = await anybody.GetAsync(new Uri($"/log/{tenant}/{path}", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.NotFound);
    }

    [PostgresFact]
    public async Task Tiles_may_be_kept_for_ever_and_checkpoints_may_not()
    {
        var (open, closed) = (await ledger.AddTenantAsync(isPublic: true), await ledger.AddTenantAsync());
        foreach (var tenant in new[] { open, closed })
        {
            await ledger.AppendManyAsync(tenant, 2);
            await ledger.CoverAsync();
            using var reader = ledger.ClientFor(tenant);
            using var tile = await reader.GetAsync(new Uri($"/log/{tenant}/tile/0/000.p/2", UriKind.Relative));
            Assert.Equal("application/octet-stream", tile.Content.Headers.ContentType?.MediaType);
            Assert.Contains("immutable", tile.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal(tenant == open, tile.Headers.CacheControl.Public);
            using var checkpoint = await reader.GetAsync(new Uri($"/log/{tenant}/checkpoint", UriKind.Relative));
            Assert.True(checkpoint.Headers.CacheControl!.NoCache);
            reader.DefaultRequestHeaders.IfNoneMatch.Add(checkpoint.Headers.ETag!);
            using var again = await reader.GetAsync(new Uri($"/log/{tenant}/checkpoint", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    private static byte[] Root(List<byte[]> leaves)
    {
        if (leaves.Count == 1) return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Count) split *= 2;
        return SHA256.HashData([1, .. Root(leaves[..split]), .. Root(leaves[split..])]);
    }
}
