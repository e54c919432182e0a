using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Jobs;

/// <summary>A ledger of its own: the list shows all tenants there are.</summary>
public class DeadLetterTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/admin/api/v1/dead-letters";

    [PostgresFact]
    public async Task All_tenants_dead_letters_are_listed_the_latest_first_with_what_went_wrong()
    {
        var (a, b) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var ids = Enumerable.Range(0, 5).Select(i => $"0192f0a5-3f3e-7c58-8f3b-00000000000{i}").ToList();
        for (var i = 0; i < 5; i++)
            await ledger.AddDeadLetterAsync(i % 2 == 0 ? a : b, ids[i], i == 3 ? "entries.to_anchor" : "checkpoints.to_anchor",
                new string((char)('a' + i), 64), 10 + i);
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        Assert.Equal(ids.AsEnumerable().Reverse(), (await PagesAsync(admin, Path, 2)).Take(5)); // other tests' may follow
        Assert.Equal(ids[3], (await PagesAsync(admin, Path + "?queue=entries.to_anchor", 2))[0]);
        Assert.DoesNotContain(ids[4], await PagesAsync(admin, Path + "?queue=entries.to_anchor", 2));
        var item = (await admin.GetJsonAsync(Path)).GetProperty("items")[0];
        Assert.Equal($$"""
            {"tenant":"{{a}}","id":"{{ids[4]}}","queue":"checkpoints.to_anchor","attempts":27,"epoch":1,"position":3,"log_id":"{{new string('e', 64)}}","args":{"kind":"attestation"},"last_error":"wrong root","last_error_class":"log","errors":[{"at":"2026-01-01T00:00:00.000000Z","class":"log","error":"wrong root"}],"created_at":"2026-01-01T00:00:00.000000Z","dead_at":"2026-01-02T00:14:00.000000Z"}
            """, item.GetRawText());
    }

    [PostgresTheory]
    [InlineData("replay", "pending", "dead-letter.replay")]
    [InlineData("discard", "discarded", "dead-letter.discard")]
    public async Task A_verb_changes_the_job_once_and_is_audited_in_the_name_of_its_tenant(string verb, string status, string action)
    {
        var tenant = await ledger.AddTenantAsync();
        var id = Guid.CreateVersion7().ToString();
        await ledger.AddDeadLetterAsync(tenant, id, "entries.to_anchor");
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var done = await admin.PostAsync($"{Path}/{tenant}/{id}/{verb}", null);
        Assert.True(done.StatusCode == HttpStatusCode.NoContent, await done.Content.ReadAsStringAsync());
        Assert.Equal(status, await ScalarAsync($"SELECT status FROM ledger.jobs WHERE id = '{id}'"));
        using var again = await admin.PostAsync($"{Path}/{tenant}/{id}/{verb}", null);
        await again.IsProblemAsync(ProblemTypes.NotFound);

        await ledger.DrainAuditAsync();
        var recorded = JsonElement.Parse(await ScalarAsync($"""
            SELECT convert_from(m.meta, 'UTF8') FROM ledger.entry_meta m JOIN ledger.chain_entries e USING (tenant_id, epoch, seq)
             WHERE e.tenant_id = 'platform-audit' AND e.subject = '{action}' AND convert_from(m.meta, 'UTF8') LIKE '%{id}%'
            """));
        Assert.Equal(("alice@ledger", tenant, $"entries.to_anchor/{id}"), (recorded.GetProperty("actor").GetString(),
            recorded.GetProperty("tenant").GetString(), recorded.GetProperty("target").GetString()));
    }

    [PostgresFact]
    public async Task All_of_a_log_are_replayed_in_one_call_but_those_that_are_not_wanted()
    {
        var (tenant, off) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var (log, another) = (new string('7', 64), new string('8', 64));
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7().ToString()).ToList();
        await ledger.AddDeadLetterAsync(off, Guid.CreateVersion7().ToString(), "entries.to_anchor", log); // the oldest
        foreach (var id in ids) await ledger.AddDeadLetterAsync(tenant, id, "entries.to_anchor", log, minute: 1);
        await ledger.AddDeadLetterAsync(tenant, Guid.CreateVersion7().ToString(), "entries.to_anchor", another);
        using var client = ledger.ClientFor(off, "CLIENT_ADMIN");
        using var policy = await client.PutAsync("/api/v1/policy", Answers.Json("""{"anchor":"off"}"""));
        await policy.JsonAsync();

        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var done = await admin.PostAsync($"{Path}/replay?queue=entries.to_anchor&log={log}", null);
        Assert.Equal("""{"replayed":3,"left":1}""", await done.Content.ReadAsStringAsync());
        Assert.Equal("3 of 3", await ScalarAsync($"""
            SELECT count(*) FILTER (WHERE status = 'pending') || ' of ' || count(*) FROM ledger.jobs
             WHERE tenant_id = '{tenant}' AND tl_log_id = '{log}'
            """));
        await ledger.DrainAuditAsync();
        Assert.Equal("3", await ScalarAsync($"""
            SELECT count(*)::text FROM ledger.entry_meta m JOIN ledger.chain_entries e USING (tenant_id, epoch, seq)
             WHERE e.tenant_id = 'platform-audit' AND e.subject = 'dead-letter.replay' AND convert_from(m.meta, 'UTF8') LIKE '%{tenant}%'
            """));
    }

    [PostgresTheory]
    [InlineData("?queue=x", "queue")]
    [InlineData("?log=x", "log")]
    [InlineData("?limit=1", "limit")]
    public async Task A_bad_parameter_of_a_replay_is_named(string query, string field)
    {
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = await admin.PostAsync($"{Path}/replay{query}", null);
        await answer.IsProblemAsync(ProblemTypes.InvalidParameter, field);
    }

    [PostgresTheory]
    [InlineData("replay")]
    [InlineData("discard")]
    public async Task What_is_no_dead_letter_of_that_tenant_is_not_there(string verb)
    {
        var (tenant, other) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var id = Guid.CreateVersion7().ToString();
        await ledger.AddDeadLetterAsync(tenant, id);
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        foreach (var path in new[] { $"{other}/{id}", $"{tenant}/{Guid.CreateVersion7()}", $"{tenant}/x", $"Not%20A%20Tenant/{id}",
            $"nobody/{id}" })
        {
            using var answer = await admin.PostAsync($"{Path}/{path}/{verb}", null);
            await answer.IsProblemAsync(ProblemTypes.NotFound);
        }
        Assert.Equal("dead_letter", await ScalarAsync($"SELECT status FROM ledger.jobs WHERE id = '{id}'"));
    }

    [PostgresFact]
    public async Task What_no_longer_wants_its_job_is_not_replayed_but_may_be_discarded()
    {
        var tenant = await ledger.AddTenantAsync();
        var id = Guid.CreateVersion7().ToString();
        await ledger.AddDeadLetterAsync(tenant, id);
        using var client = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var off = await client.PutAsync("/api/v1/policy", Answers.Json("""{"anchor":"off"}"""));
        await off.JsonAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var replayed = await admin.PostAsync($"{Path}/{tenant}/{id}/replay", null);
        var problem = await replayed.IsProblemAsync(ProblemTypes.DeadLetterNotEligible);
        Assert.Contains("policy is off", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var discarded = await admin.PostAsync($"{Path}/{tenant}/{id}/discard", null);
        Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
    }

    [PostgresTheory]
    [InlineData("?queue=x", "invalid-parameter", "queue")]
    [InlineData("?cursor=x", "invalid-cursor", "cursor")]
    [InlineData("?limit=0", "invalid-parameter", "limit")]
    [InlineData("?tenant=x", "invalid-parameter", "tenant")]
    public async Task A_bad_parameter_is_named(string query, string slug, string field)
    {
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = await admin.GetAsync(new Uri(Path + query, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
    }

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = ledger.Owner.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> PagesAsync(HttpClient client, string path, int limit)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var more = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await client.GetJsonAsync($"{path}{more}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return found;
    }
}
