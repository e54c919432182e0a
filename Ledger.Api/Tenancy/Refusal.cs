using Ledger.Core.Problems;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Why a handler refuses, as the problem to answer with. Of several the first is told: handlers are registered in the order who,
/// what, how fresh.</summary>
internal sealed class Refusal(IAuthorizationHandler handler, LedgerProblem problem) : AuthorizationFailureReason(handler, problem.Detail)
{
    public static readonly LedgerProblem Forbidden = new(ProblemTypes.Forbidden, "The token's roles do not allow this.");

    public static readonly LedgerProblem InvalidToken = new(ProblemTypes.Unauthenticated, "The bearer token is not valid here.");

    public static readonly LedgerProblem NoTenant = new(ProblemTypes.TenantRequired,
        "The token must name exactly one tenant of this ledger in its claim tenant.");

    public static readonly LedgerProblem Suspended = new(ProblemTypes.TenantSuspended,
        "The tenant is suspended: it reads but does not write.");

    public LedgerProblem Problem { get; } = problem;
}
