using System.Security.Claims;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tenancy;

/// <summary>The tenant of the request, from the token's claim <c>tenant</c> and from nothing else, and who acts in it.</summary>
/// <param name="Principal"><see cref="LedgerClaims.Principal"/>: the scope of Idempotency-Keys and the actor of the audit trail.</param>
/// <param name="Subject">The token's <c>sub</c>, by which one of the tenant's people is known; null where it has none.</param>
internal sealed record CurrentTenant(TenantId Id, string Principal, string? Subject)
{
    /// <summary>Who asks for a change in this request.</summary>
    public Changer By => new(Principal, Subject);

    /// <summary>Null unless the claim is there once, is a string, is a tenant id, and not a name reserved for the service's own
    /// logs.</summary>
    public static CurrentTenant? Of(ClaimsPrincipal user)
    {
        if (user.FindAll("tenant").Take(2).ToList() is not [{ ValueType: ClaimValueTypes.String } claim]) return null;
        if (!TenantId.TryParse(claim.Value, out var tenant) || tenant.IsReserved) return null;
        return user.FindFirstValue(LedgerClaims.Principal) is { Length: > 0 } principal
            ? new CurrentTenant(tenant, principal, user.FindFirstValue("sub")) : null;
    }

    /// <summary>Gives handlers the tenant as a parameter.</summary>
    public static ValueTask<CurrentTenant?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<CurrentTenant?>(Of(context.User)
            ?? throw new LedgerProblemException(ProblemTypes.TenantRequired,
                "The token must name exactly one tenant of this ledger in its claim tenant."));
}
