namespace Ledger.Api.Tests.Tenancy;

/// <summary>Who may do what: one row for each operation of the OpenAPI document. docs/access.md shows it; tests compare it with the
/// document, with the endpoints' own policies and marks, and with what the API answers to every kind of caller.</summary>
internal static class AccessTable
{
    public static readonly IReadOnlyList<Operation> Operations =
    [
        new("POST", "/append", Who.Writers),
        new("POST", "/append/batch", Who.Writers),
        new("GET", "/entries", Who.Readers),
        new("GET", "/entries/{id}", Who.Readers),
        new("GET", "/entries/{id}/proof", Who.Readers),
        new("GET", "/entries/{id}/bundle", Who.Readers),
        new("DELETE", "/entries/{id}/meta", Who.ClientAdmins, Marks.Sensitive),
        new("GET", "/.well-known/ledger-keys", Who.Everybody),
        new("GET", "/chain/proof", Who.Readers),
        new("GET", "/checkpoints", Who.Readers),
        new("GET", "/checkpoints/latest", Who.Readers),
        new("GET", "/checkpoints/consistency", Who.Readers),
        new("GET", "/checkpoints/{size}", Who.Readers),
        new("GET", "/checkpoints/{size}/anchor.sigstore.json", Who.Readers),
        new("GET", "/checkpoints/{size}/body", Who.Readers),
        new("GET", "/anchors", Who.Readers),
        new("GET", "/log/{tenant}/checkpoint", Who.LogReaders),
        new("GET", "/log/{tenant}/tile/{level}/{rest}", Who.LogReaders),
        new("GET", "/log/{tenant}/keys", Who.LogReaders),
        new("GET", "/log/{tenant}/anchors", Who.LogReaders),
        new("GET", "/log/{tenant}/{epoch}/checkpoint", Who.LogReaders),
        new("GET", "/log/{tenant}/{epoch}/tile/{level}/{rest}", Who.LogReaders),
        new("GET", "/log/{tenant}/{epoch}/keys", Who.LogReaders),
        new("GET", "/log/{tenant}/{epoch}/anchors", Who.LogReaders),
        new("POST", "/api/v1/rekor/verify", Who.Readers, Marks.WhenSuspended),
        new("POST", "/attestations", Who.Writers),
        new("GET", "/attestations", Who.Readers),
        new("GET", "/attestations/{sha256}", Who.Readers),
        new("GET", "/api/v1/attestation-keys", Who.Readers),
        new("GET", "/api/v1/attestation-keys/{id}", Who.Readers),
        new("POST", "/api/v1/attestation-keys", Who.ClientAdmins),
        new("DELETE", "/api/v1/attestation-keys/{id}", Who.ClientAdmins, Marks.WhenSuspended),
        new("GET", "/api/v1/policy", Who.Readers),
        new("PUT", "/api/v1/policy", Who.ClientAdmins, Marks.Sensitive),
        new("GET", "/api/v1/api-keys", Who.ClientAdmins),
        new("GET", "/api/v1/api-keys/{id}", Who.ClientAdmins),
        new("POST", "/api/v1/api-keys", Who.ClientAdmins, Marks.Sensitive),
        new("POST", "/api/v1/api-keys/{id}/rotate", Who.ClientAdmins, Marks.Sensitive),
        new("DELETE", "/api/v1/api-keys/{id}", Who.ClientAdmins, Marks.Sensitive | Marks.WhenSuspended),
        new("GET", "/api/v1/users", Who.ClientAdmins),
        new("POST", "/api/v1/users/sync", Who.ClientAdmins),
        new("GET", "/api/v1/users/{id}", Who.ClientAdmins),
        new("PUT", "/api/v1/users/{id}/role", Who.ClientAdmins, Marks.Sensitive),
        new("POST", "/api/v1/users/{id}/disable", Who.ClientAdmins, Marks.WhenSuspended),
        new("POST", "/api/v1/users/{id}/enable", Who.ClientAdmins, Marks.Sensitive),
        new("GET", "/api/v1/users/{id}/identity-providers", Who.ClientAdmins),
        new("GET", "/api/v1/users/{id}/identity-providers/{alias}", Who.ClientAdmins),
        new("PUT", "/api/v1/users/{id}/identity-providers/{alias}", Who.ClientAdmins, Marks.Sensitive),
        new("DELETE", "/api/v1/users/{id}/identity-providers/{alias}", Who.ClientAdmins, Marks.Sensitive | Marks.WhenSuspended),
        new("GET", "/api/v1/invitations", Who.ClientAdmins),
        new("GET", "/api/v1/invitations/{id}", Who.ClientAdmins),
        new("POST", "/api/v1/invitations", Who.ClientAdmins, Marks.Sensitive),
        new("POST", "/api/v1/invitations/{id}/resend", Who.ClientAdmins),
        new("DELETE", "/api/v1/invitations/{id}", Who.ClientAdmins, Marks.WhenSuspended),
        new("POST", "/api/v1/invitations/accept", Who.Everybody, Marks.AcceptanceLimited),
        new("GET", "/admin/api/v1/anchoring", Who.Operators),
        new("GET", "/admin/api/v1/doctor", Who.Operators),
        new("GET", "/admin/api/v1/audit", Who.PlatformAdmins),
        new("GET", "/admin/api/v1/audit/{id}/bundle", Who.PlatformAdmins),
        new("GET", "/admin/api/v1/dead-letters", Who.PlatformAdmins),
        new("POST", "/admin/api/v1/dead-letters/replay", Who.PlatformAdmins),
        new("POST", "/admin/api/v1/dead-letters/{tenant}/{id}/replay", Who.PlatformAdmins),
        new("POST", "/admin/api/v1/dead-letters/{tenant}/{id}/discard", Who.PlatformAdmins, Marks.Sensitive),
        new("GET", "/admin/api/v1/tenants", Who.PlatformAdmins),
        new("POST", "/admin/api/v1/tenants", Who.PlatformAdmins, Marks.Sensitive),
        new("GET", "/admin/api/v1/tenants/{tenant}", Who.PlatformAdmins),
        new("GET", "/admin/api/v1/tenants/{tenant}/export", Who.PlatformAdmins, Marks.Sensitive),
        new("PUT", "/admin/api/v1/tenants/{tenant}/limits", Who.PlatformAdmins),
        new("POST", "/admin/api/v1/tenants/{tenant}/suspend", Who.PlatformAdmins, Marks.Sensitive),
        new("POST", "/admin/api/v1/tenants/{tenant}/resume", Who.PlatformAdmins, Marks.Sensitive),
        new("POST", "/admin/api/v1/tenants/{tenant}/invitations", Who.PlatformAdmins, Marks.Sensitive),
        new("GET", "/health", Who.Everybody, Marks.NeverLimited),
        new("GET", "/alive", Who.Everybody, Marks.NeverLimited),
    ];

    /// <summary>The callers that a group lets in, by name. Who is not named is refused; roles and scopes that nobody names are worth
    /// nothing.</summary>
    public static IReadOnlyList<string> Callers(Who who) => who switch
    {
        Who.Everybody => [.. Caller.All.Select(caller => caller.Name)],
        Who.Writers => ["CLIENT_ADMIN", "CLIENT_TECH", "key entries:write", "service entries:write"],
        Who.Readers or Who.LogReaders => ["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR", "key entries:read", "service entries:read"],
        Who.ClientAdmins => ["CLIENT_ADMIN"],
        Who.Operators => ["PLATFORM_ADMIN", "BILLING_OPERATOR"],
        Who.PlatformAdmins => ["PLATFORM_ADMIN"],
        _ => throw new ArgumentOutOfRangeException(nameof(who)),
    };
}

/// <param name="Method">In capitals.</param>
/// <param name="Path">As the OpenAPI document has it.</param>
internal sealed record Operation(string Method, string Path, Who Who, Marks Marks = Marks.None)
{
    public bool Reads => Method == "GET";

    /// <summary>Of a tenant's data, rather than of the ledger or of everybody.</summary>
    public bool IsOfTenant => Who is Who.Writers or Who.Readers or Who.ClientAdmins;

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>Groups of callers. Those of a tenant act in the one that their token names.</summary>
internal enum Who
{
    Everybody,
    Writers,
    Readers,

    /// <summary>Everybody where the tenant's log is public; where it is not, its readers, and everybody else finds nothing there.</summary>
    LogReaders,

    ClientAdmins,
    Operators,
    PlatformAdmins,
}

[Flags]
internal enum Marks
{
    None = 0,

    /// <summary>Asks for a fresh sign-in where a maximum age is set.</summary>
    Sensitive = 1,

    /// <summary>A suspended tenant may do it though it is no read.</summary>
    WhenSuspended = 2,

    /// <summary>Counted by the strict limit of accepting invitations too.</summary>
    AcceptanceLimited = 4,

    /// <summary>No rate limit counts it.</summary>
    NeverLimited = 8,
}
