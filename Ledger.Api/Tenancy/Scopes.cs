using System.Collections.Frozen;

namespace Ledger.Api.Tenancy;

/// <summary>What may be done with a tenant's data. API keys and service accounts have scopes; a person's role stands for the ones in this
/// one table. Administering a tenant is no scope: only a role does that.</summary>
internal static class Scopes
{
    public const string EntriesWrite = "entries:write";
    public const string EntriesRead = "entries:read";
    public const string ProofsWrite = "proofs:write";
    public const string ProofsRead = "proofs:read";

    public static readonly IReadOnlyList<string> All = [EntriesWrite, EntriesRead, ProofsWrite, ProofsRead];

    /// <summary>Role, then the scopes that it stands for. A role that is not here stands for none: platform roles read no tenant
    /// data.</summary>
    public static readonly FrozenDictionary<string, IReadOnlyList<string>> OfRoles = new Dictionary<string, IReadOnlyList<string>>
    {
        [Roles.ClientAdmin] = All,
        [Roles.ClientTech] = All,
        [Roles.Auditor] = [EntriesRead, ProofsRead],
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
