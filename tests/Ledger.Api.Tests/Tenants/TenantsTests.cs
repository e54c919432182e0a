using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenants;

/// <summary>What platform administrators ask of tenants, over HTTP.</summary>
public class TenantsTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/admin/api/v1/tenants";
    private static int made;

    [PostgresFact]
    public async Task A_tenant_is_asked_for_once_and_the_same_request_says_where_it_is()
    {
        var name = Name();
        var body = $$$"""
            {"tenant":"{{{name}}}","name":"Acme & Söhne","log_public":true,
             "admin":{"email":"ada@example.com","first_name":"Ada","last_name":"L"}}
            """;
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var first = await admin.PostAsync(Path, Answers.Json(body));
        var asked = await first.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal($"{Path}/{name}", first.Headers.Location?.OriginalString);
        Assert.Equal(("Acme & Söhne", "opening", "pending", true),
            (asked.GetProperty("name").GetString(), asked.GetProperty("state").GetString(),
            asked.GetProperty("opening").GetProperty("status").GetString(), asked.GetProperty("log_public").GetBoolean()));
        Assert.Equal("""{"requests_per_second":null,"people":null,"api_keys":null,"identity_providers":[]}""", asked.GetProperty("limits").GetRawText());
        using var again = await admin.PostAsync(Path, Answers.Json(body));
        Assert.Equal(asked.GetRawText(), (await again.JsonAsync()).GetRawText());
        Assert.Equal(asked.GetRawText(), (await admin.GetJsonAsync($"{Path}/{name}")).GetRawText());
        using var other = await admin.PostAsync(Path, Answers.Json($$"""{"tenant":"{{name}}"}"""));
        await other.IsProblemAsync(ProblemTypes.TenantExists, "tenant");
        Assert.Equal((1L, 1L), (await ledger.CountAsync("people", name), await ledger.CountAsync("invitations", name)));

        // Its administrators have no log yet.
        using var early = ledger.ClientFor(name);
        using var append = await early.PostAsync("/append", Answers.Json("""{"subject":"s","payload":"AA=="}"""));
        Assert.False(append.IsSuccessStatusCode);
        Assert.True((int)append.StatusCode < 500, await append.Content.ReadAsStringAsync());
        await using var failed = ledger.Owner.CreateCommand($"""
            UPDATE ledger.jobs SET last_error = 'signer-unavailable: it is away' WHERE tenant_id = '{name}' AND queue = 'tenants.to_open'
            """);
        await failed.ExecuteNonQueryAsync();
        Assert.Equal("signer-unavailable: it is away",
            (await admin.GetJsonAsync($"{Path}/{name}")).GetProperty("opening").GetProperty("last_error").GetString());
    }

    [PostgresTheory]
    [InlineData("""{"tenant":"platform-x"}""", "invalid-field", "tenant")]
    [InlineData("""{"tenant":"receipts-x"}""", "invalid-field", "tenant")]
    [InlineData("""{"tenant":"Acme"}""", "invalid-field", "tenant")]
    [InlineData("""{"tenant":""}""", "invalid-field", "tenant")]
    [InlineData("""{"tenant":7}""", "invalid-field", "tenant")]
    [InlineData("""{}""", "missing-field", "tenant")]
    [InlineData("""{"tenant":"fine","state":"active"}""", "unknown-field", "state")]
    [InlineData("""{"tenant":"fine","tenant":"fine"}""", "duplicate-field", "tenant")]
    [InlineData("""{"tenant":"fine","name":""}""", "invalid-field", "name")]
    [InlineData("""{"tenant":"fine","name":"a\nb"}""", "invalid-field", "name")]
    [InlineData("""{"tenant":"fine","log_public":"yes"}""", "invalid-field", "log_public")]
    [InlineData("""{"tenant":"fine","admin":"ada@example.com"}""", "invalid-field", "admin")]
    [InlineData("""{"tenant":"fine","admin":{"email":"ada@example.com","first_name":"A"}}""", "missing-field", "admin.last_name")]
    [InlineData("""{"tenant":"fine","admin":{"email":"a@example.com","first_name":"A","last_name":"L","role":"AUDITOR"}}""",
        "unknown-field", "admin.role")]
    [InlineData("""{"tenant":"fine","admin":{"email":"nobody","first_name":"A","last_name":"L"}}""", "invalid-field", "admin.email")]
    [InlineData("[]", "malformed-json", null)]
    public async Task A_request_that_is_not_as_it_must_be_names_its_fault_and_makes_nothing(string body, string slug, string? field)
    {
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = await admin.PostAsync(Path, Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(t => t.Slug == slug), field);
        Assert.Equal(0, await ledger.CountAsync("tenants", "fine"));
    }

    [PostgresFact]
    public async Task A_name_has_up_to_200_characters()
    {
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var most = await admin.PostAsync(Path, Answers.Json($$"""{"tenant":"{{Name()}}","name":"{{new string('n', 200)}}"}"""));
        Assert.Equal(HttpStatusCode.Accepted, most.StatusCode);
        using var more = await admin.PostAsync(Path, Answers.Json($$"""{"tenant":"{{Name()}}","name":"{{new string('n', 201)}}"}"""));
        await more.IsProblemAsync(ProblemTypes.InvalidField, "name");
    }

    [PostgresFact]
    public async Task A_suspended_tenant_reads_and_does_not_write_until_it_is_resumed()
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        for (var i = 0; i < 2; i++)
        {
            using var suspended = await admin.PostAsync($"{Path}/{tenant}/suspend", Answers.Json($$"""{"reason":"reason {{i}}"}"""));
            var body = await suspended.JsonAsync();
            Assert.Equal(("suspended", "reason 0"),
                (body.GetProperty("state").GetString(), body.GetProperty("suspended").GetProperty("reason").GetString()));
        }

        using var writer = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        foreach (var (method, path, content) in new[]
                 {
                     ("POST", "/append", """{"subject":"s","payload":"AA=="}"""),
                     ("POST", "/append/batch", """{"items":[{"subject":"s","payload":"AA=="}]}"""),
                     ("DELETE", $"/entries/{entry.Id}/meta", null), ("PUT", "/api/v1/policy", """{"anchor":"off"}"""),
                     ("POST", "/api/v1/attestation-keys", """{"name":"k","public_key":"x"}"""),
                 })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (content is not null) request.Content = Answers.Json(content);
            using var refused = await writer.SendAsync(request);
            await refused.IsProblemAsync(ProblemTypes.TenantSuspended);
        }
        foreach (var path in new[] { "/entries", $"/entries/{entry.Id}", "/chain/proof", "/api/v1/policy", $"/log/{tenant}/keys" })
            await writer.GetJsonAsync(path);

        for (var i = 0; i < 2; i++)
        {
            using var resumed = await admin.PostAsync($"{Path}/{tenant}/resume", null);
            var body = await resumed.JsonAsync();
            Assert.Equal(("active", false), (body.GetProperty("state").GetString(), body.TryGetProperty("suspended", out _)));
        }
        await ledger.AppendAsync(tenant); // at once: this process forgot what it knew
        await ledger.DrainAuditAsync();
        Assert.Equal("tenant.suspend,tenant.resume", await ScalarAsync($"""
            SELECT string_agg(e.subject, ',' ORDER BY e.seq)
              FROM ledger.entry_meta m JOIN ledger.chain_entries e USING (tenant_id, epoch, seq)
             WHERE e.tenant_id = 'platform-audit' AND e.subject <> 'tenant.add'
               AND convert_from(m.meta, 'UTF8')::jsonb ->> 'target' = '{tenant}'
            """));
    }

    [PostgresFact]
    public async Task A_suspension_reaches_another_process_within_two_seconds_and_its_appends_at_once()
    {
        var tenant = await ledger.AddTenantAsync();
        await using var other = new ApiProcess(ledger.Settings);
        using var writer = other.Client(ledger.Issuer.Token(tenant, ["CLIENT_ADMIN"]));
        await writer.GetJsonAsync("/entries"); // the other process knows it as active
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var suspended = await admin.PostAsync($"{Path}/{tenant}/suspend", Answers.Json("""{"reason":"contract ended"}"""));
        await suspended.JsonAsync();
        using var append = await writer.PostAsync("/append", Answers.Json("""{"subject":"s","payload":"AA=="}"""));
        await append.IsProblemAsync(ProblemTypes.TenantSuspended);
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresTheory]
    [InlineData("suspend", """{}""", "missing-field", "reason")]
    [InlineData("suspend", """{"reason":""}""", "invalid-field", "reason")]
    [InlineData("suspend", """{"reason":"ask ada@example.com"}""", "invalid-field", "reason")]
    [InlineData("suspend", """{"reason":"r","until":"x"}""", "unknown-field", "until")]
    [InlineData("limits", """{"people":-1}""", "invalid-field", "people")]
    [InlineData("limits", """{"requests_per_second":0}""", "invalid-field", "requests_per_second")]
    [InlineData("limits", """{"api_keys":1.5}""", "invalid-field", "api_keys")]
    [InlineData("limits", """{"identity_providers":["a/b"]}""", "invalid-field", "identity_providers")]
    [InlineData("limits", """{"identity_providers":["a","a"]}""", "invalid-field", "identity_providers")]
    [InlineData("limits", """{"entries":1}""", "unknown-field", "entries")]
    public async Task What_is_said_about_a_tenant_is_checked(string act, string body, string slug, string field)
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = act == "limits" ? await admin.PutAsync($"{Path}/{tenant}/limits", Answers.Json(body))
            : await admin.PostAsync($"{Path}/{tenant}/{act}", Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(t => t.Slug == slug), field);
    }

    [PostgresFact]
    public async Task Limits_are_replaced_as_a_whole()
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        foreach (var (sent, kept) in new[]
                 {
                     ("""{"requests_per_second":5,"people":3,"api_keys":0,"identity_providers":["a-sso","b"]}""",
                         """{"requests_per_second":5,"people":3,"api_keys":0,"identity_providers":["a-sso","b"]}"""),
                     ("""{"people":4}""", """{"requests_per_second":null,"people":4,"api_keys":null,"identity_providers":[]}"""),
                 })
        {
            using var answer = await admin.PutAsync($"{Path}/{tenant}/limits", Answers.Json(sent));
            Assert.Equal(kept, (await answer.JsonAsync()).GetProperty("limits").GetRawText());
        }
    }

    [PostgresFact]
    public async Task What_is_no_tenant_or_not_open_is_neither_changed_nor_shown()
    {
        var opening = Name();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        (await admin.PostAsync(Path, Answers.Json($$"""{"tenant":"{{opening}}"}"""))).Dispose();
        foreach (var (tenant, type) in new[] { (opening, ProblemTypes.TenantNotOpen), ("nobody", ProblemTypes.NotFound),
                     ("platform-audit", ProblemTypes.NotFound), ("No%20Tenant", ProblemTypes.NotFound) })
        {
            using var suspended = await admin.PostAsync($"{Path}/{tenant}/suspend", Answers.Json("""{"reason":"r"}"""));
            await suspended.IsProblemAsync(type);
            using var resumed = await admin.PostAsync($"{Path}/{tenant}/resume", null);
            await resumed.IsProblemAsync(type);
        }
        using var missing = await admin.GetAsync(new Uri($"{Path}/nobody", UriKind.Relative));
        await missing.IsProblemAsync(ProblemTypes.NotFound);
    }

    [PostgresFact]
    public async Task All_tenants_are_listed_by_name_page_by_page()
    {
        foreach (var _ in Enumerable.Range(0, 3)) await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var (names, cursor) = (new List<string>(), "");
        do
        {
            var page = await admin.GetJsonAsync($"{Path}?limit=2{cursor}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("tenant").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Contains("platform-audit", names);
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        using var forged = await admin.GetAsync(new Uri($"{Path}?cursor=YWNtZQ", UriKind.Relative));
        await forged.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
    }

    private static string Name() => $"asked-{Interlocked.Increment(ref made)}";

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = ledger.Owner.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
