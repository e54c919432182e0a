using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ledger.ServiceDefaults.Operations;

/// <summary>What names a request in answers and in the log. A caller's <c>X-Request-Id</c> is kept, so that both sides can search for one
/// id.</summary>
public static class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>Longer ones, and any with other than visible ASCII, are replaced by ours: they go into logs.</summary>
    public const int MaxLength = 128;

    /// <summary>Takes over the caller's id, or leaves the server's, and sends it back with every answer.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (Given(context.Request.Headers[Header]) is { } given) context.TraceIdentifier = given;
        // Set when the answer starts: a failing request's headers are cleared before its problem is written.
        context.Response.OnStarting(static state =>
        {
            var started = (HttpContext)state;
            started.Response.Headers[Header] = started.TraceIdentifier;
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    public static string RequestId(this HttpContext context) => context.TraceIdentifier;

    /// <summary>The W3C trace id (32 hex digits) of the request's span; null where nobody listens.</summary>
    public static string? TraceId(this HttpContext context) =>
        (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity
            ?? Activity.Current)?.TraceId.ToHexString();

    private static string? Given(StringValues values) =>
        values is [{ Length: > 0 and <= MaxLength } id] && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? id : null;
}
