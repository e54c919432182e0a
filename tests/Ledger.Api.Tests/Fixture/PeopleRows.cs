using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace Ledger.Api.Tests.Fixture;

/// <summary>People of a tenant, as its administrator invites them; what the workers and the invitee do is written by hand.</summary>
internal static class PeopleRows
{
    /// <summary>The id of an open invitation.</summary>
    public static async Task<string> InvitedAsync(this ApiUnderTest ledger, string tenant, string email)
    {
        await using var allow = ledger.Owner.CreateCommand(
            $"UPDATE ledger.tenants SET identity_providers = '{{{FullTenant.Provider}}}' WHERE tenant_id = '{tenant}'");
        await allow.ExecuteNonQueryAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var answer = await admin.PostAsJsonAsync("/api/v1/invitations", new
        {
            email,
            first_name = "Ada",
            last_name = "Byron",
            role = "AUDITOR",
            identity_provider = new { alias = FullTenant.Provider, user_id = "ext-1", user_name = "ada" },
        });
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    /// <summary>The id of a person who accepted, and whom Keycloak knows as <c>subject-</c> and the address.</summary>
    public static async Task<string> JoinedAsync(this ApiUnderTest ledger, string tenant, string email)
    {
        var invitation = await ledger.InvitedAsync(tenant, email);
        await using var command = ledger.Owner.CreateCommand("""
            WITH accepted AS (
                UPDATE ledger.invitations SET state = 'accepted', accepted_at = created_at WHERE tenant_id = $1 AND id = $2::uuid
                RETURNING person_id)
            UPDATE ledger.people SET enabled = true, joined_at = created_at, subject = 'subject-' || email, applied_version = version
             WHERE tenant_id = $1 AND id = (SELECT person_id FROM accepted)
            RETURNING id::text
            """);
        foreach (var text in new[] { tenant, invitation }) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
