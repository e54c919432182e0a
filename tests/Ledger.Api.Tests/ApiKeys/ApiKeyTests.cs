using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.ApiKeys;

/// <summary>What a key opens, and what not.</summary>
public class ApiKeyTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task A_key_is_shown_once_and_kept_nowhere()
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var answer = await admin.PostAsJsonAsync(TestKeys.Path, new { name = "CI of ä", scopes = new[] { "entries:write" } });
        var made = await answer.JsonAsync(HttpStatusCode.Created);
        var (key, body) = (made.GetProperty("key").GetString()!, made.GetProperty("api_key"));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal($"{TestKeys.Path}/{Text(body, "id")}", answer.Headers.Location!.ToString());
        Assert.StartsWith($"lgk_{tenant}_{Text(body, "prefix")}_", key, StringComparison.Ordinal);
        Assert.Equal(("CI of ä", "active", "alice@ledger"), (Text(body, "name"), Text(body, "state"), Text(body, "created_by")));

        Assert.Equal(body.GetRawText(), (await admin.GetJsonAsync($"{TestKeys.Path}/{Text(body, "id")}")).GetRawText());
        var list = (await admin.GetJsonAsync(TestKeys.Path)).GetRawText();
        Assert.Contains(Text(body, "prefix")!, list, StringComparison.Ordinal);

        using var client = ledger.Api.Client(key);
        (await client.PostAsJsonAsync("/append", new { subject = "a", payload = "aGk=" })).Dispose();
        var secret = key[^52..];
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, ledger.Api.Log.Text, StringComparison.Ordinal);
        await ledger.DrainAuditAsync();
        foreach (var table in new[] { "api_keys", "audit_events", "chain_entries", "entry_meta", "idempotency" })
        {
            await using var command = ledger.Owner.CreateCommand($"SELECT count(*) FROM ledger.{table} t WHERE t::text LIKE '%{secret}%' "
                + $"OR t::text LIKE '%{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(secret))}%'");
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        }
    }

    [PostgresFact]
    public async Task A_key_appends_and_reads_in_its_tenant_and_its_name_is_the_principal()
    {
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        using var client = ledger.Api.Client(key.Whole);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "one");
        var first = await AppendAsync(client);
        var second = await AppendAsync(client);
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(tenant, first.GetProperty("tenant").GetString());
        var entries = await client.GetJsonAsync("/entries");
        Assert.Equal(Text(first, "id"), Text(entries.GetProperty("items")[0], "id"));
        await using var command = ledger.Owner.CreateCommand($"SELECT principal FROM ledger.idempotency WHERE tenant_id = '{tenant}'");
        Assert.Equal($"api-key:{key.Prefix}", await command.ExecuteScalarAsync());
    }

    [PostgresTheory]
    [InlineData("entries:write", true, false)]
    [InlineData("entries:read", false, true)]
    [InlineData("proofs:write", false, false)]
    [InlineData("proofs:read", false, false)]
    public async Task A_key_may_what_its_scopes_say(string scope, bool appends, bool reads)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.Api.Client((await ledger.AddKeyAsync(tenant, scope)).Whole);
        using var append = await client.PostAsJsonAsync("/append", new { subject = "a", payload = "aGk=" });
        using var read = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        if (appends) await append.JsonAsync(HttpStatusCode.Created);
        else await append.IsProblemAsync(ProblemTypes.Forbidden);
        if (reads) await read.JsonAsync();
        else await read.IsProblemAsync(ProblemTypes.Forbidden);
    }

    [PostgresTheory]
    [InlineData("GET", TestKeys.Path)]
    [InlineData("POST", TestKeys.Path)]
    [InlineData("GET", TestKeys.Path + "/{id}")]
    [InlineData("POST", TestKeys.Path + "/{id}/rotate")]
    [InlineData("DELETE", TestKeys.Path + "/{id}")]
    [InlineData("DELETE", "/entries/{id}/meta")]
    [InlineData("PUT", "/api/v1/policy")]
    [InlineData("POST", "/api/v1/attestation-keys")]
    [InlineData("GET", "/admin/api/v1/dead-letters")]
    [InlineData("GET", "/admin/api/v1/anchoring")]
    public async Task A_key_with_every_scope_administers_nothing(string method, string path)
    {
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        using var client = ledger.Api.Client(key.Whole);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path.Replace("{id}", key.Id, StringComparison.Ordinal));
        using var answer = await client.SendAsync(request);
        await answer.IsProblemAsync(ProblemTypes.Forbidden);
    }

    [PostgresFact]
    public async Task A_key_of_a_suspended_tenant_reads_and_does_not_write()
    {
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        await using var suspended = ledger.Owner.CreateCommand(
            $"UPDATE ledger.tenants SET state = 'suspended' WHERE tenant_id = '{tenant}'");
        await suspended.ExecuteNonQueryAsync();
        await using var process = new ApiProcess(ledger.Settings); // one that has not seen the tenant before
        using var client = process.Client(key.Whole);
        using var append = await client.PostAsJsonAsync("/append", new { subject = "a", payload = "aGk=" });
        await append.IsProblemAsync(ProblemTypes.TenantSuspended);
        await client.GetJsonAsync("/entries");

        using var admin = process.Client(ledger.Issuer.Token(tenant, "CLIENT_ADMIN"));
        using var more = await admin.PostAsJsonAsync(TestKeys.Path, new { name = "x", scopes = TestKeys.AllScopes });
        await more.IsProblemAsync(ProblemTypes.TenantSuspended);
        using var revoked = await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{key.Id}", UriKind.Relative)); // takes a right away
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }

    [PostgresFact]
    public async Task Another_tenants_key_is_not_there()
    {
        var key = await ledger.AddKeyAsync(await ledger.AddTenantAsync());
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        foreach (var (method, path, body) in new[] { ("GET", "", null), ("DELETE", "", null), ("POST", "/rotate", "{}") })
        {
            foreach (var id in new[] { key.Id, Guid.Empty.ToString(), "x" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Parse(method), $"{TestKeys.Path}/{id}{path}");
                if (body is not null) request.Content = Answers.Json(body);
                using var answer = await admin.SendAsync(request);
                await answer.IsProblemAsync(ProblemTypes.NotFound);
            }
        }
        using var client = ledger.Api.Client(key.Whole);
        await client.GetJsonAsync("/entries"); // and lives on
    }

    private static async Task<JsonElement> AppendAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("/append", new { subject = "a", payload = "aGk=" });
        return await answer.JsonAsync(HttpStatusCode.Created);
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
