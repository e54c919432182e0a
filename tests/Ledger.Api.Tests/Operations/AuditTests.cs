using System.Text.Json;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Operations;

/// <summary>How operators find events.</summary>
public class AuditTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/admin/api/v1/audit";

    [PostgresFact]
    public async Task Each_filter_finds_what_it_says_and_all_that_are_given_hold()
    {
        var (tenant, other) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var key = await ledger.AddKeyAsync(tenant);
        await ledger.AddKeyAsync(other);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{key.Id}", UriKind.Relative))).Dispose();
        await ledger.DrainAuditAsync();
        await ledger.CoverAsync();
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        Assert.Equal(["api-key.revoke", "api-key.add", "tenant.add"], await ActionsAsync(operators, $"tenant={tenant}"));
        Assert.Equal(["api-key.revoke", "api-key.add"], await ActionsAsync(operators, $"target={key.Id}"));
        Assert.Equal(["api-key.revoke"], await ActionsAsync(operators, $"tenant={tenant}&action=api-key.revoke"));
        Assert.Equal(["api-key.revoke", "api-key.add"], await ActionsAsync(operators, $"tenant={tenant}&action=api-key.*"));
        Assert.Equal(["api-key.revoke", "api-key.add"], await ActionsAsync(operators, $"tenant={tenant}&actor=alice@ledger"));
        Assert.Equal(["tenant.add"], await ActionsAsync(operators, $"tenant={tenant}&actor=test"));
        Assert.Empty(await ActionsAsync(operators, $"tenant={tenant}&action=api-key"));
        Assert.Empty(await ActionsAsync(operators, "tenant=nobody"));

        var items = (await operators.GetJsonAsync($"{Path}?tenant={tenant}")).GetProperty("items");
        var at = items[1].GetProperty("at").GetString();
        Assert.Equal(["api-key.revoke", "api-key.add"], await ActionsAsync(operators, $"tenant={tenant}&from={at}"));
        Assert.Equal(["tenant.add"], await ActionsAsync(operators, $"tenant={tenant}&to={at}"));
        Assert.Equal($$"""{"prefix":"{{key.Prefix}}","scopes":"entries:write entries:read proofs:write proofs:read"}""",
            items[1].GetProperty("details").GetRawText());

        var head = (await operators.GetJsonAsync(Path)).GetProperty("head");
        Assert.Equal("ledger.test/log/platform-audit", head.GetProperty("origin").GetString());
        Assert.True(head.GetProperty("size").GetInt64() > items[0].GetProperty("seq").GetInt64());
    }

    [PostgresFact]
    public async Task Pages_follow_one_another_and_a_cursor_is_good_for_its_own_list_alone()
    {
        var tenant = await ledger.AddTenantAsync();
        for (var i = 0; i < 4; i++) await ledger.AddKeyAsync(tenant);
        await ledger.DrainAuditAsync();
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var all = (await operators.GetJsonAsync($"{Path}?tenant={tenant}")).GetProperty("items");
        var first = await operators.GetJsonAsync($"{Path}?tenant={tenant}&limit=2");
        var cursor = first.GetProperty("next_cursor").GetString();
        var second = await operators.GetJsonAsync($"{Path}?tenant={tenant}&limit=3&cursor={cursor}");
        Assert.Equal(Seqs(all), [.. Seqs(first.GetProperty("items")), .. Seqs(second.GetProperty("items"))]);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        foreach (var list in new[] { "", $"tenant={tenant}&action=api-key.add", "tenant=other" })
        {
            using var refused = await operators.GetAsync(new Uri($"{Path}?{list}&cursor={cursor}", UriKind.Relative));
            await refused.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
        }
    }

    [PostgresTheory]
    [InlineData("action=.*", "action")]
    [InlineData("action=a.b.*", "action")]
    [InlineData("action=*.*", "action")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=1", "to")]
    [InlineData("actor=%00", "actor")]
    [InlineData("limit=0", "limit")]
    [InlineData("actors=a", "actors")]
    public async Task What_is_no_question_is_refused_and_named(string query, string field)
    {
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = await operators.GetAsync(new Uri($"{Path}?{query}", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.InvalidParameter, field);
    }

    [PostgresFact]
    public async Task A_bundle_of_what_is_no_event_is_not_there()
    {
        var receipt = await ledger.AppendAsync(await ledger.AddTenantAsync());
        await ledger.CoverAsync();
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        foreach (var id in new[] { receipt.Id, Guid.Empty.ToString(), "x" }) // a tenant's entry is not theirs to read
        {
            using var answer = await operators.GetAsync(new Uri($"{Path}/{id}/bundle", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.NotFound);
        }
    }

    [PostgresTheory]
    [InlineData("CLIENT_ADMIN")]
    [InlineData("BILLING_OPERATOR")]
    public async Task Platform_administrators_alone_read_the_trail(string role)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync(), role);
        foreach (var path in new[] { Path, $"{Path}/{Guid.Empty}/bundle" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.Forbidden);
        }
        using var log = await client.GetAsync(new Uri("/log/platform-audit/checkpoint", UriKind.Relative));
        await log.IsProblemAsync(ProblemTypes.NotFound);
    }

    private static async Task<List<string>> ActionsAsync(HttpClient operators, string query) =>
        [.. (await operators.GetJsonAsync($"{Path}?{query}")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("action").GetString()!)];

    private static List<long> Seqs(JsonElement items) => [.. items.EnumerateArray().Select(item => item.GetProperty("seq").GetInt64())];
}
