using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.People;

/// <summary>One of a tenant's people, as the tenant wants it. What Keycloak has of it is <see cref="AppliedVersion"/>.</summary>
/// <param name="Subject">Keycloak's id of the user, the <c>sub</c> of its tokens; null until a worker made or found the user.</param>
/// <param name="Role">CLIENT_ADMIN, CLIENT_TECH or AUDITOR.</param>
/// <param name="Withdrawn">Never joined, and the invitation ended: no user is wanted.</param>
/// <param name="Links">By alias; null: a link that is to be gone.</param>
/// <param name="SignOutVersion">The version whose application ends every session.</param>
/// <param name="LastError">Why the newest version is not applied, or could not be at the last try; null otherwise.</param>
/// <param name="JoinedAt">When the invitation was accepted, or the person adopted; null before.</param>
/// <param name="Adopted">Was a user in Keycloak already: nobody accepted an invitation at the address.</param>
public sealed record Person(
    TenantId Tenant, Guid Id, string? Subject, string Email, string FirstName, string LastName, string Role, bool Enabled, bool Withdrawn,
    IReadOnlyDictionary<string, ProviderLink?> Links, int Version, int AppliedVersion, int SignOutVersion, DateTimeOffset? AppliedAt,
    string? LastError, DateTimeOffset? JoinedAt, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    bool Adopted)
{
    /// <summary>Whether Keycloak has the newest version.</summary>
    public bool IsApplied => AppliedVersion == Version;

    /// <summary>Whether the person signs in through an identity provider: there is no password then.</summary>
    public bool SignsInElsewhere => Links.Values.Any(link => link is not null);

    internal const string Columns = """
        p.tenant_id, p.id, p.subject, p.email, p.first_name, p.last_name, p.role, p.enabled, p.withdrawn, p.links::text, p.version,
        p.applied_version, p.sign_out_version, p.applied_at, p.last_error, p.joined_at, p.created_at, p.changed_at, p.adopted
        """;

    internal static Person Read(NpgsqlDataReader reader) => new(
        TenantId.Parse(reader.GetString(0)), reader.GetGuid(1), reader.GetTextOrNull(2), reader.GetString(3), reader.GetString(4),
        reader.GetString(5), reader.GetString(6), reader.GetBoolean(7), reader.GetBoolean(8), LinksJson.Read(reader.GetString(9)),
        reader.GetInt32(10), reader.GetInt32(11), reader.GetInt32(12), TimeOrNull(reader, 13), reader.GetTextOrNull(14),
        TimeOrNull(reader, 15), reader.GetTime(16), reader.GetTime(17), reader.GetBoolean(18));

    internal static DateTimeOffset? TimeOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetTime(column);
}
