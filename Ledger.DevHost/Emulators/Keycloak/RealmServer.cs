using System.Text;
using Ledger.DevHost.Emulators.Keycloak.Login;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>The routes below <c>/realms/:realm</c>.</summary>
internal sealed class RealmServer(TimeProvider time)
{
    private const string Oidc = "protocol/openid-connect/";

    private readonly TokenEndpoint tokens = new(time);
    private readonly UserinfoEndpoint userinfo = new(time);
    private readonly RevokeEndpoint revoke = new(time);
    private readonly LoginServer login = new(time);
    private readonly LogoutEndpoint logout = new(time);

    /// <param name="context">The request.</param>
    /// <param name="realm">Whose.</param>
    /// <param name="issuer">As the request's Host header makes it.</param>
    /// <param name="path">Below the realm, without slashes at its ends.</param>
    public async Task HandleAsync(HttpContext context, Realm realm, string issuer, string path)
    {
        if (MethodsOf(path) is not { } methods)
        {
            await KeycloakAnswer.ErrorAsync(context, 404, "HTTP 404 Not Found").ConfigureAwait(false);
            return;
        }
        if (await Cors.AnsweredAsync(context, $"{string.Join(", ", methods)}, OPTIONS").ConfigureAwait(false))
            return;
        var method = HttpMethods.IsHead(context.Request.Method) ? "GET" : context.Request.Method;
        await (methods.Contains(method)
            ? AnswerAsync(context, realm, issuer, path)
            : KeycloakAnswer.ErrorAsync(context, 405, "HTTP 405 Method Not Allowed")).ConfigureAwait(false);
    }

    // Null: nothing is there.
    private static string[]? MethodsOf(string path) => path switch
    {
        "" or Oidc + "certs" or ".well-known/openid-configuration" or ".well-known/oauth-authorization-server" => ["GET"],
        Oidc + "token" or Oidc + "revoke" or Oidc + "logout/logout-confirm" => ["POST"],
        Oidc + "userinfo" or Oidc + "logout" or Oidc + "auth" => ["GET", "POST"],
        "login-actions/authenticate" or "login-actions/required-action" or "login-actions/restart" => ["GET", "POST"],
        _ => null,
    };

    private Task AnswerAsync(HttpContext context, Realm realm, string issuer, string path)
    {
        switch (path)
        {
            case "":
                return InformationAsync(context, realm, issuer);
            case Oidc + "certs":
                context.Response.Headers.CacheControl = "no-cache";
                Cors.Open(context);
                return KeycloakAnswer.SendAsync(context, 200, KeysOf(realm), "application/json");
            case Oidc + "token":
                return tokens.HandleAsync(context, realm, issuer);
            case Oidc + "userinfo":
                return userinfo.HandleAsync(context, realm, issuer);
            case Oidc + "revoke":
                return revoke.HandleAsync(context, realm, issuer);
            case Oidc + "logout":
                return LogoutEndpoint.HandleAsync(context, realm, issuer);
            case Oidc + "logout/logout-confirm":
                return logout.ConfirmAsync(context, realm);
            case Oidc + "auth":
                return login.AuthorizeAsync(context, realm, issuer);
            case "login-actions/authenticate" or "login-actions/required-action" or "login-actions/restart":
                return login.ActAsync(context, realm, issuer, path["login-actions/".Length..]);
            default:
                context.Response.Headers.CacheControl = "no-cache, must-revalidate, no-transform, no-store";
                Cors.Open(context);
                return KeycloakAnswer.SendAsync(context, 200, Encoding.UTF8.GetBytes(DiscoveryDocument.Of(issuer)), "application/json");
        }
    }

    private static byte[] KeysOf(Realm realm)
    {
        lock (realm.Gate)
            return KeycloakAnswer.Json(realm.Keys.WriteJwks);
    }

    private static Task InformationAsync(HttpContext context, Realm realm, string issuer)
    {
        context.Response.Headers.CacheControl = "no-cache";
        byte[] body;
        lock (realm.Gate)
            body = KeycloakAnswer.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("realm", realm.Name);
                json.WriteBase64String("public_key", realm.Keys.Signing.PublicKey);
                json.WriteString("token-service", $"{issuer}/protocol/openid-connect");
                json.WriteString("account-service", $"{issuer}/account");
                json.WriteNumber("tokens-not-before", realm.Settings.NotBefore);
                json.WriteEndObject();
            });
        return KeycloakAnswer.SendAsync(context, 200, body, "application/json;charset=UTF-8");
    }
}
