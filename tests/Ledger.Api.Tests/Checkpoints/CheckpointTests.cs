using System.Net.Http.Headers;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Api.Tests.Checkpoints;

public class CheckpointTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task An_empty_log_has_no_checkpoint()
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var answer = await client.GetAsync(new Uri("/checkpoints/latest", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.NotFound);
        Assert.Empty((await client.GetJsonAsync("/checkpoints")).GetProperty("items").EnumerateArray());
    }

    [PostgresFact]
    public async Task Any_two_checkpoints_are_consistent()
    {
        var tenant = await ledger.AddTenantAsync();
        foreach (var count in new[] { 1, 2, 4 })
        {
            await ledger.AppendManyAsync(tenant, count);
            await ledger.CoverAsync();
        }
        using var client = ledger.ClientFor(tenant);
        var sizes = (await client.GetJsonAsync("/checkpoints")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("tree_size").GetInt64()).ToList();
        Assert.Equal([7L, 3L, 1L], sizes);
        foreach (var (from, to) in from a in sizes from b in sizes where a <= b select (a, b))
        {
            var proof = await client.GetJsonAsync($"/checkpoints/consistency?from={from}&to={to}");
            Assert.Null(ConsistencyProof.Check(from, Root(proof, "from_root"), to, Root(proof, "to_root"),
                [.. proof.GetProperty("hashes").EnumerateArray().Select(h => Digest.ParseHex(h.GetString()!))]));
            Assert.Equal((await client.GetJsonAsync($"/checkpoints/{to}")).GetProperty("root_hash").GetString(),
                proof.GetProperty("to_root").GetString());
        }
    }

    [PostgresFact]
    public async Task As_text_a_checkpoint_is_its_signed_note()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        var latest = await client.GetStringAsync(new Uri("/checkpoints/latest", UriKind.Relative));
        Assert.Equal(latest, await client.GetStringAsync(new Uri("/checkpoints/1", UriKind.Relative)));
        Assert.Equal(latest, await client.GetStringAsync(new Uri($"/log/{tenant}/checkpoint", UriKind.Relative)));
        Assert.True(Note.TryParse(latest, out var note, out _));
        Assert.Null((await Trust.OfAsync(ledger, tenant)).Logs[0].CheckpointKeys[0].Key.Verify(note));
        Assert.StartsWith($"ledger.test/log/{tenant}\n1\n", note.Text, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("/checkpoints/2", "not-found", null)]
    [InlineData("/checkpoints/01", "not-found", null)]
    [InlineData("/checkpoints/-1", "not-found", null)]
    [InlineData("/checkpoints/x", "not-found", null)]
    [InlineData("/checkpoints/9007199254740992", "not-found", null)]
    [InlineData("/checkpoints/1?epoch=2", "not-found", null)]
    [InlineData("/checkpoints?epoch=0", "invalid-parameter", "epoch")]
    [InlineData("/checkpoints?epoch=x", "invalid-parameter", "epoch")]
    [InlineData("/checkpoints/consistency", "invalid-parameter", "from")]
    [InlineData("/checkpoints/consistency?from=1", "invalid-parameter", "to")]
    [InlineData("/checkpoints/consistency?from=0&to=1", "invalid-parameter", "from")]
    [InlineData("/checkpoints/consistency?from=2&to=1", "invalid-parameter", "to")]
    [InlineData("/checkpoints/consistency?from=1&to=2", "not-found", null)]
    [InlineData("/checkpoints/consistency?from=1&to=1&epoch=7", "not-found", null)]
    public async Task What_was_never_signed_is_not_there(string path, string slug, string? field)
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
    }

    private static Digest Root(System.Text.Json.JsonElement proof, string name) => Digest.ParseHex(proof.GetProperty(name).GetString()!);
}
