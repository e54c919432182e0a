using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Anchoring;

public class PolicyTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/api/v1/policy";

    [PostgresFact]
    public async Task A_new_tenant_has_the_default_policy()
    {
        using var reader = ledger.ClientFor(await ledger.AddTenantAsync(), "AUDITOR");
        Assert.Equal(
            """{"anchor":"checkpoint","entries":1000,"seconds":60,"fail":"open","max_age_seconds":null,"effective_seconds":60}""",
            (await reader.GetJsonAsync(Path)).GetRawText());
    }

    [PostgresFact]
    public async Task A_policy_that_is_put_is_read_back_and_audited()
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var put = await PutAsync(admin, """{"anchor":"off","entries":5,"seconds":7,"fail":"open","max_age_seconds":99}""");
        var answer = (await put.JsonAsync()).GetRawText();
        Assert.Equal("""{"anchor":"off","entries":5,"seconds":7,"fail":"open","max_age_seconds":99,"effective_seconds":7}""", answer);
        Assert.Equal(answer, (await admin.GetJsonAsync(Path)).GetRawText());

        await ledger.DrainAuditAsync();
        await using var last = ledger.Owner.CreateCommand(
            "SELECT convert_from(meta, 'UTF8') FROM ledger.entry_meta WHERE tenant_id = 'platform-audit' ORDER BY seq DESC LIMIT 1");
        var recorded = JsonElement.Parse((string)(await last.ExecuteScalarAsync())!);
        Assert.Equal(("policy.change", tenant, "anchor=off entries=5 seconds=7 fail=open max_age_seconds=99"),
            (recorded.GetProperty("action").GetString(), recorded.GetProperty("tenant").GetString(),
                recorded.GetProperty("target").GetString()));
    }

    [PostgresFact]
    public async Task Whoever_chooses_entry_is_told_that_hashes_become_public()
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        using var put = await PutAsync(admin, """{"anchor":"entry"}""");
        Assert.Contains("payload_hash", (await put.JsonAsync()).GetProperty("notice").GetString(), StringComparison.Ordinal);
        Assert.True((await admin.GetJsonAsync(Path)).TryGetProperty("notice", out _));
        using var back = await PutAsync(admin, """{"anchor":"checkpoint"}""");
        Assert.False((await back.JsonAsync()).TryGetProperty("notice", out _));
    }

    [PostgresFact]
    public async Task What_GET_answers_may_be_sent_back()
    {
        await using var api = ledger.WithLogs(null, new ScriptedLog());
        using var admin = api.Client(ledger.Issuer.Token(await ledger.AddTenantAsync(), "CLIENT_ADMIN"));
        using var put = await PutAsync(admin, """{"anchor":"entry","seconds":30,"effective_seconds":[{}],"notice":null}""");
        var said = (await put.JsonAsync()).GetRawText();
        Assert.Contains("\"effective_seconds\":", said, StringComparison.Ordinal);
        Assert.Contains("\"notice\":", said, StringComparison.Ordinal);
        using var back = await PutAsync(admin, (await admin.GetJsonAsync(Path)).GetRawText());
        Assert.Equal(said, (await back.JsonAsync()).GetRawText());
    }

    [PostgresTheory]
    [InlineData("", "malformed-json", null)]
    [InlineData("[]", "malformed-json", null)]
    [InlineData("""{"anchor":"off"} {}""", "malformed-json", null)]
    [InlineData("""{"anchor":"\ud800"}""", "malformed-json", null)]
    [InlineData("{}", "missing-field", "anchor")]
    [InlineData("""{"anchor":null}""", "invalid-field", "anchor")]
    [InlineData("""{"anchor":"Off"}""", "invalid-field", "anchor")]
    [InlineData("""{"anchor":"off","anchor":"off"}""", "duplicate-field", "anchor")]
    [InlineData("""{"anchor":"off","interval":1}""", "unknown-field", "interval")]
    [InlineData("""{"anchor":"off","entries":0}""", "invalid-field", "entries")]
    [InlineData("""{"anchor":"off","entries":1000001}""", "invalid-field", "entries")]
    [InlineData("""{"anchor":"off","entries":1.5}""", "invalid-field", "entries")]
    [InlineData("""{"anchor":"off","entries":"1"}""", "invalid-field", "entries")]
    [InlineData("""{"anchor":"off","seconds":0}""", "invalid-field", "seconds")]
    [InlineData("""{"anchor":"off","seconds":86401}""", "invalid-field", "seconds")]
    [InlineData("""{"anchor":"off","seconds":null}""", "invalid-field", "seconds")]
    [InlineData("""{"anchor":"off","fail":"shut"}""", "invalid-field", "fail")]
    [InlineData("""{"anchor":"off","max_age_seconds":0}""", "invalid-field", "max_age_seconds")]
    [InlineData("""{"anchor":"off","max_age_seconds":31536001}""", "invalid-field", "max_age_seconds")]
    [InlineData("""{"anchor":"off","fail":"closed","max_age_seconds":600}""", "invalid-field", "fail")]
    [InlineData("""{"anchor":"checkpoint","fail":"closed"}""", "missing-field", "max_age_seconds")]
    [InlineData("""{"anchor":"checkpoint","fail":"closed","max_age_seconds":null}""", "missing-field", "max_age_seconds")]
    [InlineData("""{"anchor":"checkpoint","fail":"closed","max_age_seconds":119}""", "invalid-field", "max_age_seconds")]
    [InlineData("""{"anchor":"entry","seconds":300,"fail":"closed","max_age_seconds":599}""", "invalid-field", "max_age_seconds")]
    public async Task A_policy_that_says_nothing_or_could_not_be_kept_is_refused_and_changes_nothing(string body, string slug,
        string? field)
    {
        await using var api = ledger.WithLogs(null, new ScriptedLog());
        var tenant = await ledger.AddTenantAsync();
        using var admin = api.Client(ledger.Issuer.Token(tenant, "CLIENT_ADMIN"));
        using var put = await PutAsync(admin, body);
        await put.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        Assert.Equal("checkpoint", (await admin.GetJsonAsync(Path)).GetProperty("anchor").GetString());
    }

    [PostgresFact]
    public async Task Fail_closed_needs_a_log_that_could_witness()
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        using var put = await PutAsync(admin, """{"anchor":"checkpoint","fail":"closed","max_age_seconds":120}""");
        await put.IsProblemAsync(ProblemTypes.InvalidField, "fail");
    }

    [PostgresFact]
    public async Task A_submission_budget_that_all_tenants_share_counts_into_the_limit_of_fail_closed()
    {
        var witness = new ScriptedLog { Budget = new SubmissionBudget(PerHour: 60, PerTenMinutes: 600) }; // one a minute
        await using var api = ledger.WithLogs(null, new ScriptedLog("free.test", 1), witness);
        var tenant = await ledger.AddTenantAsync();
        await using var count = ledger.Owner.CreateCommand("SELECT count(*) FROM ledger.tenants WHERE anchor_policy <> 'off'");
        var turns = (long)(await count.ExecuteScalarAsync())!;
        Assert.InRange(turns, 2, 1000); // the audit trail is one of them
        using var admin = api.Client(ledger.Issuer.Token(tenant, "CLIENT_ADMIN"));
        var coarse = 64L;
        while (coarse < 60 * turns) coarse *= 2;
        Assert.Equal(coarse, (await admin.GetJsonAsync(Path)).GetProperty("effective_seconds").GetInt64());

        using var tooShort = await PutAsync(admin, $$"""{"anchor":"checkpoint","fail":"closed","max_age_seconds":{{2 * coarse - 1}}}""");
        await tooShort.IsProblemAsync(ProblemTypes.InvalidField, "max_age_seconds");
        using var enough = await PutAsync(admin, $$"""{"anchor":"checkpoint","fail":"closed","max_age_seconds":{{2 * coarse}}}""");
        await enough.JsonAsync();

        // What the tenant asks for itself tells nothing and is answered as it is.
        using var rare = await PutAsync(admin, $$"""{"anchor":"checkpoint","seconds":{{coarse - 1}}}""");
        var asked = (await rare.JsonAsync()).GetProperty("effective_seconds").GetInt64();
        Assert.Equal(coarse - 1 >= 60 * turns ? coarse - 1 : coarse, asked);
    }

    [PostgresFact]
    public async Task Under_fail_closed_append_and_batch_are_503_once_the_limit_is_passed_and_recover()
    {
        var time = new ManualTime(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        await using var api = ledger.WithLogs(time, new ScriptedLog());
        var tenant = await ledger.AddTenantAsync();
        using var admin = api.Client(ledger.Issuer.Token(tenant, "CLIENT_ADMIN"));
        using (var put = await PutAsync(admin, """{"anchor":"checkpoint","fail":"closed","max_age_seconds":120}""")) await put.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, (await AppendAsync()).StatusCode);
        time.Advance(TimeSpan.FromSeconds(121));
        using (var refused = await AppendAsync()) await refused.IsProblemAsync(ProblemTypes.WitnessUnavailable);
        using (var refused = await admin.PostAsync("/append/batch", Answers.Json("""{"items":[{"subject":"s","payload":"QQ=="}]}""")))
            await refused.IsProblemAsync(ProblemTypes.WitnessUnavailable);
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri("/entries", UriKind.Relative))).StatusCode);

        await ledger.TamperAsync($"""
            INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id, tl_leaf_hash,
                                 tl_tree_size, tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw, submitted_at, sigstore_bundle)
            VALUES ('{tenant}', 1, 'checkpoint', 1, 'log', 0, 'rekor-v1', 'e', '', 1, '', '', ARRAY[]::bytea[], '', now(), '')
            """);
        Assert.Equal(HttpStatusCode.Created, (await AppendAsync()).StatusCode);

        Task<HttpResponseMessage> AppendAsync() => admin.PostAsync("/append", Answers.Json("""{"subject":"s","payload":"QQ=="}"""));
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string body) => client.PutAsync(Path, Answers.Json(body));
}
