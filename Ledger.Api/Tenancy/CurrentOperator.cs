using System.Security.Claims;
using Ledger.Core.Problems;

namespace Ledger.Api.Tenancy;

/// <summary>Who operates the ledger in this request: a platform role, and no tenant.</summary>
/// <param name="Principal">Claim <c>sub</c>, or <c>azp</c> where a token has no subject: the actor of the audit trail.</param>
internal sealed record CurrentOperator(string Principal)
{
    /// <summary>Gives handlers the operator as a parameter.</summary>
    public static ValueTask<CurrentOperator?> BindAsync(HttpContext context) =>
        (context.User.FindFirstValue("sub") ?? context.User.FindFirstValue("azp")) is { Length: > 0 } principal
            ? ValueTask.FromResult<CurrentOperator?>(new CurrentOperator(principal))
            : throw new LedgerProblemException(ProblemTypes.Forbidden, "The token names nobody.");
}
