using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>What scripts of other origins may do: a preflight is always granted (recordings 151–152), the call itself only to the client's
/// web origins (154–155).</summary>
internal static class Cors
{
    private const string Allowed = "Origin, Access-Control-Request-Method, X-Requested-With, Accept, Access-Control-Request-Headers, DPoP, "
        + "Content-Type, Authorization";

    /// <summary>Whether this is a preflight; then it is answered.</summary>
    public static async Task<bool> AnsweredAsync(HttpContext context, string methods)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!HttpMethods.IsOptions(context.Request.Method) || origin.Length == 0)
            return false;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = methods;
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlAllowHeaders = Allowed;
        headers.AccessControlMaxAge = "3600";
        await KeycloakAnswer.EmptyAsync(context, 200).ConfigureAwait(false);
        return true;
    }

    /// <summary>Anybody may read this (recording 157).</summary>
    public static void Open(HttpContext context)
    {
        if (context.Request.Headers.Origin.ToString() is not { Length: > 0 } origin)
            return;
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowCredentials = "true";
    }

    /// <summary>The client may be used from this origin, or there is none.</summary>
    /// <exception cref="OAuthRefusal">403.</exception>
    public static void Check(HttpContext context, RealmClient client)
    {
        if (context.Request.Headers.Origin.ToString() is not { Length: > 0 } origin)
            return;
        if (!client.WebOrigins.Contains(origin) && !client.WebOrigins.Contains("*"))
            throw new OAuthRefusal(403, "Invalid origin");
        Open(context);
        context.Response.Headers.AccessControlExposeHeaders = "Access-Control-Allow-Methods";
    }
}
