using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Entries;

public class ListTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Pages_give_every_entry_once_newest_first()
    {
        var tenant = await ledger.AddTenantAsync();
        var all = await ledger.AppendManyAsync(tenant, 7);
        using var client = ledger.ClientFor(tenant);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetJsonAsync($"/entries?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(all.Reverse().Select(receipt => receipt.Id), seen);
    }

    [PostgresFact]
    public async Task A_page_goes_on_where_it_was_while_others_append()
    {
        var tenant = await ledger.AddTenantAsync();
        var all = await ledger.AppendManyAsync(tenant, 4);
        using var client = ledger.ClientFor(tenant);
        var first = await client.GetJsonAsync("/entries?limit=2");
        await ledger.AppendAsync(tenant);
        var second = await client.GetJsonAsync($"/entries?limit=2&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal([all[1].Id, all[0].Id], Ids(second));
    }

    [PostgresFact]
    public async Task Filters_narrow_and_combine()
    {
        var tenant = await ledger.AddTenantAsync();
        var (a, b) = (await ledger.AppendAsync(tenant, "a", "1"), await ledger.AppendAsync(tenant, "b", "2"));
        var c = await ledger.AppendAsync(tenant, "a", "2");
        using var client = ledger.ClientFor(tenant);
        Assert.Equal([c.Id, a.Id], Ids(await client.GetJsonAsync("/entries?subject=a")));
        Assert.Equal([c.Id, b.Id], Ids(await client.GetJsonAsync($"/entries?payload_hash={b.PayloadHash}")));
        Assert.Equal([c.Id], Ids(await client.GetJsonAsync($"/entries?payload_hash={b.PayloadHash}&subject=a")));
        Assert.Equal([b.Id, a.Id], Ids(await client.GetJsonAsync($"/entries?to={c.CreatedAt}")));
        Assert.Equal([c.Id, b.Id], Ids(await client.GetJsonAsync($"/entries?from={b.CreatedAt}")));
        Assert.Equal([b.Id], Ids(await client.GetJsonAsync($"/entries?from={b.CreatedAt}&to={c.CreatedAt}")));
        Assert.Equal(3, Ids(await client.GetJsonAsync("/entries?anchored=false")).Count);
        Assert.Empty(Ids(await client.GetJsonAsync("/entries?anchored=true")));
    }

    [PostgresTheory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=010", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("payload_hash=A591A6D40BF420404A011733CFB7B190D62C65BF0BCDA32B57B277D9AD9F146E", "payload_hash")]
    [InlineData("payload_hash=00", "payload_hash")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-01", "from")]
    [InlineData("to=2026-13-01T00:00:00Z", "to")]
    [InlineData("anchored=1", "anchored")]
    [InlineData("subject=a%00b", "subject")]
    [InlineData("tenant=other", "tenant")]
    [InlineData("Subject=a", "Subject")]
    public async Task A_bad_parameter_is_named(string query, string field)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var answer = await client.GetAsync(new Uri($"/entries?{query}", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.InvalidParameter, field);
    }

    [PostgresTheory]
    [InlineData("/entries", "limit=2")]
    [InlineData("/checkpoints", "limit=1")]
    public async Task A_cursor_works_for_its_own_list_and_no_other(string path, string query)
    {
        var (tenant, other) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        foreach (var name in new[] { tenant, other })
        {
            for (var i = 0; i < 3; i++)
            {
                await ledger.AppendAsync(name);
                await ledger.CoverAsync();
            }
        }
        using var client = ledger.ClientFor(tenant);
        var cursor = (await client.GetJsonAsync($"{path}?{query}")).GetProperty("next_cursor").GetString()!;

        using var stranger = ledger.ClientFor(other);
        await RefusedAsync(stranger, $"{path}?cursor={cursor}");
        await RefusedAsync(client, $"{(path == "/entries" ? "/checkpoints" : "/entries")}?cursor={cursor}");
        await RefusedAsync(client, $"{path}?cursor=");
        await RefusedAsync(client, $"{path}?cursor=%00");
        await RefusedAsync(client, $"{path}?cursor={cursor}A");
        await RefusedAsync(client, $"{path}?cursor={cursor}=");
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            await RefusedAsync(client, $"{path}?cursor={changed}");
        }
        if (path == "/entries") await RefusedAsync(client, $"/entries?subject=x&cursor={cursor}"); // of another filter
    }

    private static async Task RefusedAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
    }

    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
