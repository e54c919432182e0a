using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Browsers: a preflight from anywhere is answered, the request itself only from an origin that the token's client has.</summary>
internal static class AdminOrigin
{
    private const string Headers =
        "Origin, Accept, X-Requested-With, Access-Control-Request-Method, Access-Control-Request-Headers, DPoP, Content-Type, "
        + "Authorization";

    public static AdminAnswer Preflight(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        headers.AccessControlAllowMethods = "DELETE, POST, GET, PUT";
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlAllowHeaders = Headers;
        headers.AccessControlMaxAge = "3600";
        return new AdminAnswer(200);
    }

    public static void Require(HttpContext context, AdminToken token)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin])
            return;
        if (!token.Client.WebOrigins.Contains(origin) && !token.Client.WebOrigins.Contains("*"))
            throw new AdminRefusal(AdminAnswer.Error(403, "Invalid origin"));
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowCredentials = "true";
    }
}
