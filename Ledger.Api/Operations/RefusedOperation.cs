using System.Collections.Frozen;
using Microsoft.AspNetCore.Diagnostics;

namespace Ledger.Api.Operations;

/// <summary>Names what a refused request asked for, such as <c>GET /entries/{id}</c>, in words of the ledger's own: the audit trail keeps
/// them for good, and a method or a path is whatever its sender wants it to be.</summary>
internal static class RefusedOperation
{
    private const string OtherMethod = "(another method)", NoResource = "(no resource)";

    private static readonly FrozenSet<string> Methods =
        FrozenSet.ToFrozenSet(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"], StringComparer.Ordinal);

    public static string Of(HttpContext context)
    {
        var method = Methods.TryGetValue(context.Request.Method, out var known) ? known : OtherMethod;
        // The pattern that the route was mapped with. Where a fault is being answered, the one that was there before.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return $"{method} {(endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? NoResource}";
    }
}
