using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Ledger.Api.Tenancy;

/// <summary>Turns a refusal into its problem: 401, 403, or 503 where the issuer's keys could never be fetched and no token can be
/// judged.</summary>
internal sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    private const string InvalidToken = "Bearer error=\"invalid_token\"";

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        if (authorizeResult.Challenged)
        {
            if (IssuerKeys.WereUnreachable(context))
                return ProblemAnswer.WriteAsync(context,
                    new LedgerProblem(ProblemTypes.IdentityUnavailable, "The issuer's keys cannot be fetched; no token can be checked."));
            var given = context.Request.Headers.Authorization.Count > 0;
            context.Response.Headers.WWWAuthenticate = given ? InvalidToken : "Bearer";
            return ProblemAnswer.WriteAsync(context, given ? Refusal.InvalidToken
                : new LedgerProblem(ProblemTypes.Unauthenticated, "A bearer token is needed."));
        }
        var problem = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<Refusal>().FirstOrDefault()?.Problem ?? Refusal.Forbidden;
        if (problem.Type == ProblemTypes.Unauthenticated) context.Response.Headers.WWWAuthenticate = InvalidToken;
        return ProblemAnswer.WriteAsync(context, problem);
    }
}
