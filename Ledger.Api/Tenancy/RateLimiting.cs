using System.Security.Claims;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tenancy;

/// <summary>Counts each request once it is known who asks, and answers 429 to who asks too often: a principal by its name, everybody else,
/// a bad token included, by address; and a tenant as a whole by its own limit.</summary>
internal sealed class RateLimiting(RequestDelegate next, RateLimits limits, ClientAddresses addresses, StandingGate gate, TokenGate tokens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        tokens.Note(context);
        await (await PauseAsync(context) is { } pause ? RefuseAsync(context, pause) : next(context));
    }

    public static Task RefuseAsync(HttpContext context, TimeSpan pause)
    {
        var problem = ProblemBody.Of(context,
            new LedgerProblem(ProblemTypes.RateLimited, "Too many requests; Retry-After says when to ask again."));
        return ProblemAnswer.WriteAsync(context, problem with { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)) });
    }

    private async ValueTask<TimeSpan?> PauseAsync(HttpContext context)
    {
        var marks = context.GetEndpoint()?.Metadata;
        if (marks?.GetMetadata<NeverLimited>() is not null) return null;
        var from = addresses.Of(context).Counted;
        var principal = context.User.FindFirstValue(LedgerClaims.Principal);
        var pause = principal is null ? limits.TakeForAddress(from) : limits.TakeForPrincipal(principal);
        if (pause is null && marks?.GetMetadata<AcceptanceLimited>() is not null) pause = limits.TakeForAcceptance(from);
        // Last: what its callers are refused anyway does not use up the tenant's share.
        return pause ?? await TenantPauseAsync(context);
    }

    private async ValueTask<TimeSpan?> TenantPauseAsync(HttpContext context) =>
        CurrentTenant.Of(context.User) is { Id: var tenant }
            && await gate.StandingAsync(context.User, context.RequestAborted) is { RequestsPerSecond: { } rate }
                ? limits.TakeForTenant(tenant, rate) : null;
}
