using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>The spans of requests. ASP.NET Core tags them by the semantic conventions for HTTP where it is not told to leave that to
/// others; what it leaves out is added here.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span</remarks>
public static class ServerSpans
{
    private const string Suppressed = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    // A method is whatever its sender wants it to be.
    private static readonly FrozenSet<string> Methods =
        FrozenSet.ToFrozenSet(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"], StringComparer.Ordinal);

    /// <summary>Before the host is built.</summary>
    internal static void LetThemBeTagged()
    {
        if (!AppContext.TryGetSwitch(Suppressed, out _)) AppContext.SetSwitch(Suppressed, false);
    }

    /// <summary>First in the pipeline. A probe leaves no span: it comes every few seconds and says nothing.</summary>
    public static IApplicationBuilder UseServerSpans(this IApplicationBuilder app, params PathString[] probes) =>
        app.Use((context, next) =>
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { Recorded: true } span) return next(context);
            if (probes.Any(probe => context.Request.Path == probe))
            {
                UnaskedSpans.Drop(span);
                return next(context);
            }
            return TagAsync(span, context, next);
        });

    // A group's own address is mapped as the group's and "/".
    private static string Trimmed(string route) => route.Length > 1 ? route.TrimEnd('/') : route;

    private static async Task TagAsync(Activity span, HttpContext context, RequestDelegate next)
    {
        await next(context);
        // Where a fault was answered, the endpoint is the one that was there before.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "HTTP";
        var route = endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern } ? Trimmed(pattern) : null;
        span.DisplayName = route is null ? method : $"{method} {route}";
        // Not left to the server: spans were seen to arrive without them, and where a fault was answered it knows no route.
        if (route is not null) span.SetTag("http.route", route);
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        span.SetTag("ledger.request_id", context.TraceIdentifier);
        if (status < StatusCodes.Status500InternalServerError) return;
        span.SetStatus(ActivityStatusCode.Error);
        if (span.GetTagItem("error.type") is null) span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
    }
}
