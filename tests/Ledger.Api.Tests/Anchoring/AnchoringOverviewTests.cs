using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Anchoring;

/// <summary>What operators see of every tenant. A ledger of its own: it shows all tenants there are.</summary>
public class AnchoringOverviewTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/admin/api/v1/anchoring";

    [PostgresFact]
    public async Task Each_tenant_shows_how_far_it_is_covered_and_anchored_and_why_it_waits()
    {
        var (fresh, waiting) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        await ledger.AppendManyAsync(waiting, 3);
        await ledger.CoverAsync();
        var oldest = (await ledger.AppendManyAsync(waiting, 2))[0];
        await ledger.TamperAsync($"""
            INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id, tl_leaf_hash,
                                 tl_tree_size, tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw, submitted_at, sigstore_bundle)
            SELECT '{waiting}', 1, kind, position, 'log', position, 'rekor-v1', 'e', '', 1, '', '', ARRAY[]::bytea[], '', now(), ''
              FROM (VALUES ('checkpoint', 2), ('checkpoint', 3), ('payload', 4)) AS a(kind, position);
            INSERT INTO jobs (tenant_id, id, queue, status, epoch, tl_log_id, last_error, last_error_class, created_at, finished_at)
            VALUES ('{waiting}', gen_random_uuid(), 'checkpoints.to_anchor', 'pending', 1, 'b', 'down', 'network', '2026-01-02T03:04:05Z', NULL),
                   ('{waiting}', gen_random_uuid(), 'checkpoints.to_anchor', 'pending', 1, 'c', NULL, NULL, '2026-01-02T03:04:06Z', NULL),
                   ('{waiting}', gen_random_uuid(), 'entries.to_anchor', 'dead_letter', 1, 'a', 'no', 'log', '2026-01-01Z', now()),
                   ('{waiting}', gen_random_uuid(), 'checkpoints.to_anchor', 'done', 1, 'b', NULL, NULL, '2025-01-01Z', now())
            """);

        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var items = (await admin.GetJsonAsync(Path)).GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("tenant").GetString()!, item => item.GetRawText());
        Assert.Equal($$"""
            {"tenant":"{{fresh}}","epoch":1,"anchor":"checkpoint","fail":"open","covered_seq":-1,"anchored_seq":-1,"oldest_unanchored_at":null,"pending_since":null,"cause":null,"dead_letters":0}
            """, items[fresh]);
        Assert.Equal($$"""
            {"tenant":"{{waiting}}","epoch":1,"anchor":"checkpoint","fail":"open","covered_seq":2,"anchored_seq":2,"oldest_unanchored_at":"{{oldest.CreatedAt}}","pending_since":"2026-01-02T03:04:05.000000Z","cause":"network","last_error":"down","dead_letters":1}
            """, items[waiting]);
        Assert.Contains("platform-audit", items.Keys);
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dead_letter_says_why_nothing_is_anchored_whatever_else_waits(bool another)
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.TamperAsync($"""
            INSERT INTO jobs (tenant_id, id, queue, status, epoch, tl_log_id, last_error, last_error_class, created_at, finished_at)
            SELECT '{tenant}', gen_random_uuid(), 'checkpoints.to_anchor', j.*
              FROM (VALUES ('dead_letter', 1, 'a', 'no', 'log', timestamptz '2026-01-02T03:04:05Z', now()),
                           ('pending', 1, 'b', 'down', 'network', '2026-01-01Z', NULL)) AS j LIMIT {(another ? 2 : 1)}
            """);
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var item = (await admin.GetJsonAsync(Path)).GetProperty("items").EnumerateArray()
            .Single(i => i.GetProperty("tenant").GetString() == tenant);
        Assert.Equal(["2026-01-02T03:04:05.000000Z", "log", "no"],
            new[] { "pending_since", "cause", "last_error" }.Select(name => item.GetProperty(name).GetString()));
        Assert.Equal(1, item.GetProperty("dead_letters").GetInt64());
    }

    [PostgresFact]
    public async Task A_quarantined_log_is_named_with_its_reason()
    {
        await ledger.TamperAsync($"""
            INSERT INTO transparency_logs (tl_log_id, ordinal, backend, url, quarantined_at, quarantine_reason)
            VALUES ('{new string('a', 64)}', 1, 'rekor-v2', 'http://two', '2026-01-02T03:04:05Z', 'two histories'),
                   ('{new string('b', 64)}', 0, 'rekor-v1', 'http://one', NULL, NULL),
                   ('{new string('0', 64)}', NULL, 'rekor-v1', 'http://old', NULL, NULL)
            """);
        using var billing = ledger.ClientFor(null, "BILLING_OPERATOR");
        var logs = (await billing.GetJsonAsync(Path)).GetProperty("logs");
        Assert.Equal(["http://one true true ", "http://two false true 2026-01-02T03:04:05.000000Z", "http://old false false "],
            logs.EnumerateArray().Select(log => $"{log.GetProperty("url").GetString()} {log.GetProperty("primary").GetRawText()} "
                + $"{log.GetProperty("configured").GetRawText()} {log.GetProperty("quarantined_at").GetString()}"));
        Assert.Equal("two histories", logs[1].GetProperty("quarantine_reason").GetString());
    }

    [PostgresFact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        for (var i = 0; i < 3; i++) await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var all = Tenants(await admin.GetJsonAsync(Path));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await admin.GetJsonAsync($"{Path}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(Tenants(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(all, seen);
        using var forged = await admin.GetAsync(new Uri($"{Path}?cursor=AAAA", UriKind.Relative));
        await forged.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
    }

    [PostgresFact]
    public async Task Tenants_own_people_do_not_see_it()
    {
        var tenant = await ledger.AddTenantAsync();
        foreach (var role in new[] { "CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR", "no role" })
        {
            using var client = ledger.ClientFor(tenant, role);
            using var answer = await client.GetAsync(new Uri(Path, UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.Forbidden);
        }
        using var anonymous = ledger.Anonymous();
        using var refused = await anonymous.GetAsync(new Uri(Path, UriKind.Relative));
        await refused.IsProblemAsync(ProblemTypes.Unauthenticated);
    }

    private static List<string> Tenants(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("tenant").GetString()!)];
}
