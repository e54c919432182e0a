using System.Security.Claims;
using Ledger.Core.Problems;

namespace Ledger.Api.Tenancy;

/// <summary>Who operates the ledger in this request: a platform role, and no tenant.</summary>
/// <param name="Principal"><see cref="LedgerClaims.Principal"/>: the actor of the audit trail.</param>
internal sealed record CurrentOperator(string Principal)
{
    /// <summary>Gives handlers the operator as a parameter.</summary>
    public static ValueTask<CurrentOperator?> BindAsync(HttpContext context) =>
        context.User.FindFirstValue(LedgerClaims.Principal) is { Length: > 0 } principal
            ? ValueTask.FromResult<CurrentOperator?>(new CurrentOperator(principal))
            : throw new LedgerProblemException(ProblemTypes.Forbidden, "The token names nobody.");
}
