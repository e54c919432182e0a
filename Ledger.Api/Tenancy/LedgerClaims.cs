using System.Security.Claims;

namespace Ledger.Api.Tenancy;

/// <summary>The claims that authentication writes and everything behind it reads. A token's own claims of these names are removed first:
/// only authentication speaks in them.</summary>
internal static class LedgerClaims
{
    /// <summary>A role that the issuer may give; see <see cref="Roles"/>.</summary>
    public const string Role = "urn:ledger:role";

    /// <summary>What a caller may do without a role: <c>entries:write</c> and the like.</summary>
    public const string Scope = "urn:ledger:scope";

    /// <summary>Who acts, the same text for the same actor for ever: scope of Idempotency-Keys and actor of the audit trail.</summary>
    public const string Principal = "urn:ledger:principal";

    public static void RemoveFrom(ClaimsIdentity identity)
    {
        foreach (var forged in identity.FindAll(claim => claim.Type is Role or Scope or Principal).ToList()) identity.RemoveClaim(forged);
    }
}
