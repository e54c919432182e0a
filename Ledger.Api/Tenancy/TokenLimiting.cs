using Ledger.Api.Operations;

namespace Ledger.Api.Tenancy;

/// <summary>Stands before authentication, and answers 429 to an address that sends too many tokens that were not accepted lately.</summary>
internal sealed class TokenLimiting(RequestDelegate next, TokenGate gate)
{
    public Task InvokeAsync(HttpContext context)
    {
        // What is never refused for its number looks at nobody's token either: it would be checked for free.
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeverLimited>() is not null) context.Request.Headers.Remove("Authorization");
        return gate.Pause(context) is { } pause ? RateLimiting.RefuseAsync(context, pause) : next(context);
    }
}
