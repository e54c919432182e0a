namespace Ledger.DevHost.Emulators.Rekor1;

/// <summary>Any origin may read and submit; a preflight is answered before anything is looked at.</summary>
internal static class Cors
{
    public static bool IsPreflight(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey("Access-Control-Request-Method");

    public static void Answer(HttpContext context)
    {
        var (request, response) = (context.Request.Headers, context.Response);
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        var method = request["Access-Control-Request-Method"].ToString();
        if (!request.ContainsKey("Origin") || method is not ("GET" or "POST" or "HEAD"))
            return;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = method;
        if (request.TryGetValue("Access-Control-Request-Headers", out var headers))
            response.Headers.AccessControlAllowHeaders = headers;
    }
}
