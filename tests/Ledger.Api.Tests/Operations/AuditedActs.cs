using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.People;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tests.Operations;

/// <summary>Every act that the API does for somebody, done once in an order that works, on a tenant that has one of everything.</summary>
internal sealed class AuditedActs(ApiUnderTest ledger, FullTenant tenant)
{
    public const string Asked = "asked-for";

    private readonly HttpClient admin = ledger.ClientFor(tenant.Name, "CLIENT_ADMIN");
    private readonly HttpClient operators = ledger.ClientFor(null, "PLATFORM_ADMIN");

    /// <summary>Operations in the order they were done, each with the action that the trail must have.</summary>
    public List<(string Operation, string Action)> Done { get; } = [];

    /// <summary>What changes something and is not told, with the reason.</summary>
    public static readonly Dictionary<string, string> Untold = new()
    {
        ["append"] = "the entry is in the tenant's own log, for good",
        ["append-batch"] = "the same",
        ["attest"] = "the same",
        ["verify-anchors"] = "reads: a POST because of its body",
    };

    public async Task DoAllAsync()
    {
        await KeysAsync();
        await DataAsync();
        await PeopleAsync();
        await TenantsAsync();
    }

    private async Task KeysAsync()
    {
        var made = await ActAsync("add-api-key", "api-key.add", admin, "POST", TestKeys.Path,
            new { name = "n", scopes = TestKeys.AllScopes });
        var key = Id(made.GetProperty("api_key"));
        await ActAsync("rotate-api-key", "api-key.rotate", admin, "POST", $"{TestKeys.Path}/{key}/rotate", new { });
        await ActAsync("revoke-api-key", "api-key.revoke", admin, "DELETE", $"{TestKeys.Path}/{key}");
        using var attestor = Attestor.Ecdsa();
        await ActAsync("register-attestation-key", "attestation-key.register", admin, "POST", "/api/v1/attestation-keys",
            new { name = "n", public_key = attestor.Pem });
        await ActAsync("revoke-attestation-key", "attestation-key.revoke", admin, "DELETE", $"/api/v1/attestation-keys/{attestor.KeyId}");
    }

    private async Task DataAsync()
    {
        await ActAsync("erase-entry-meta", "entry.meta.erase", admin, "DELETE", $"/entries/{tenant.Entry}/meta");
        await ActAsync("put-policy", "policy.change", admin, "PUT", "/api/v1/policy", new { anchor = "checkpoint", entries = 7 });
        var letter = $"/admin/api/v1/dead-letters/{tenant.Name}/{FullTenant.DeadLetter}";
        await ActAsync("replay-dead-letter", "dead-letter.replay", operators, "POST", letter + "/replay");
        await DieAgainAsync();
        await ActAsync("replay-dead-letters", "dead-letter.replay", operators, "POST", "/admin/api/v1/dead-letters/replay");
        await DieAgainAsync();
        await ActAsync("discard-dead-letter", "dead-letter.discard", operators, "POST", letter + "/discard");

        Task DieAgainAsync() => SqlAsync(
            $"UPDATE ledger.jobs SET status = 'dead_letter', finished_at = now() WHERE id = '{FullTenant.DeadLetter}'");
    }

    private async Task PeopleAsync()
    {
        const string invitations = "/api/v1/invitations";
        var revoked = Id(await ActAsync("invite", "person.invite", admin, "POST", invitations, Person("a@example.com")));
        await ActAsync("resend-invitation", "invitation.resend", admin, "POST", $"{invitations}/{revoked}/resend");
        await ActAsync("revoke-invitation", "invitation.revoke", admin, "DELETE", $"{invitations}/{revoked}");

        var invited = await ActAsync("invite", "person.invite", admin, "POST", invitations, Person("b@example.com"));
        var code = InvitationCode.Make(TenantId.Parse(tenant.Name), Guid.Parse(Id(invited)));
        await SqlAsync($"""
            UPDATE ledger.invitations SET state = 'sent', token_hash = '\x{Convert.ToHexStringLower(code.Hash)}', sent_at = now(),
                   expires_at = now() + interval '1 day' WHERE id = '{Id(invited)}'
            """);
        using var anybody = ledger.Anonymous();
        await ActAsync("accept-invitation", "invitation.accept", anybody, "POST", $"{invitations}/accept", new { token = code.Text });
        var user = $"/api/v1/users/{invited.GetProperty("person_id").GetString()}";
        await ActAsync("put-user-role", "person.role", admin, "PUT", $"{user}/role", new { role = "AUDITOR" });
        await ActAsync("disable-user", "person.disable", admin, "POST", $"{user}/disable");
        await ActAsync("sync-users", "person.sync", admin, "POST", "/api/v1/users/sync");
        await ActAsync("enable-user", "person.enable", admin, "POST", $"{user}/enable");
        var link = $"{user}/identity-providers/{FullTenant.Provider}";
        await ActAsync("put-identity-provider", "person.link", admin, "PUT", link, new { user_id = "7", user_name = "b" });
        await ActAsync("delete-identity-provider", "person.unlink", admin, "DELETE", link);
        await ActAsync("invite-administrator", "person.invite", operators, "POST", $"/admin/api/v1/tenants/{tenant.Name}/invitations",
            new { email = "c@example.com", first_name = "C", last_name = "C" });
    }

    private async Task TenantsAsync()
    {
        const string tenants = "/admin/api/v1/tenants";
        await ActAsync("add-tenant", "tenant.add", operators, "POST", tenants, new { tenant = Asked });
        await ActAsync("put-tenant-limits", "tenant.limits", operators, "PUT", $"{tenants}/{tenant.Name}/limits", new { api_keys = 5 });
        await ActAsync("suspend-tenant", "tenant.suspend", operators, "POST", $"{tenants}/{tenant.Name}/suspend",
            new { reason = "unpaid" });
        await ActAsync("resume-tenant", "tenant.resume", operators, "POST", $"{tenants}/{tenant.Name}/resume");
    }

    /// <summary>A read, but of everything at once: told all the same.</summary>
    public async Task ExportAsync()
    {
        using var answer = await operators.GetAsync(new Uri($"/admin/api/v1/tenants/{tenant.Name}/export", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Done.Add(("export-tenant", "tenant.export"));
    }

    private async Task<JsonElement> ActAsync(string operation, string action, HttpClient client, string method, string path,
        object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{operation}: {(int)answer.StatusCode} {text}");
        Done.Add((operation, action));
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = ledger.Owner.CreateCommand(sql);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static object Person(string email) => new { email, first_name = "A", last_name = "B", role = "CLIENT_TECH" };

    private static string Id(JsonElement body) => body.GetProperty("id").GetString()!;
}
