namespace Ledger.Api.Operations;

/// <summary>Endpoints that are read: GET, and HEAD with the same headers and no body (RFC 9110 §9.3.2).</summary>
internal static class Routes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapMethods(pattern, Reading, handler);
}
