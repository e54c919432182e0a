using System.Globalization;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tenancy;

/// <summary>Turns a refusal into its problem: 401, 403, or 503 where the issuer cannot be asked for the key of a token.</summary>
internal sealed class AuthorizationProblems(IOptions<SecurityOptions> security) : IAuthorizationMiddlewareResultHandler
{
    public static readonly LedgerProblem Unavailable =
        new(ProblemTypes.IdentityUnavailable, "The issuer cannot be asked for the key of this token.");

    private const string InvalidToken = "Bearer error=\"invalid_token\"";

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        if (authorizeResult.Challenged)
        {
            if (TokenAuthentication.WasUnavailable(context))
                return ProblemAnswer.WriteAsync(context, Unavailable);
            var given = context.Request.Headers.Authorization.Count > 0;
            context.Response.Headers.WWWAuthenticate = given ? InvalidToken : "Bearer";
            return ProblemAnswer.WriteAsync(context, given ? Refusal.InvalidToken
                : new LedgerProblem(ProblemTypes.Unauthenticated, "A bearer token is needed."));
        }
        var problem = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<Refusal>().FirstOrDefault()?.Problem ?? Refusal.Forbidden;
        if (problem.Type == ProblemTypes.Unauthenticated) context.Response.Headers.WWWAuthenticate = InvalidToken;
        // RFC 9470 §3: tells the client what to ask its issuer for.
        if (problem.Type == ProblemTypes.FreshSignInRequired) context.Response.Headers.WWWAuthenticate = string.Create(
            CultureInfo.InvariantCulture,
            $"Bearer error=\"insufficient_user_authentication\", max_age=\"{FreshSignInHandler.Seconds(security.Value)}\"");
        // Known, and turned away nonetheless; refusals with 403 are told where all of them are written.
        if (problem.Type.Status == StatusCodes.Status401Unauthorized)
            context.RequestServices.GetRequiredService<RefusedAccess>().Note(context, problem.Type.Slug);
        return ProblemAnswer.WriteAsync(context, problem);
    }
}
