using System.Text;
using Ledger.DevHost.Emulators.Keycloak.Admin;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>The routes: realm information, discovery, JWKS, token.</summary>
internal sealed class KeycloakServer(IReadOnlyDictionary<string, BuiltInRealm> realms, TimeProvider time)
{
    private const string RootMetadata = "/.well-known/oauth-authorization-server/realms/";

    private readonly TokenEndpoint tokens = new(time);
    private readonly AdminServer admin = new(new Dictionary<string, Realm>(), time);

    public Task HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "/").TrimEnd('/');
        if (path.Length == 0)
        {
            context.Response.Headers.Location = $"{BaseOf(context)}/admin/";
            return KeycloakAnswer.SendAsync(context, 302, default, "text/plain");
        }
        if (path.StartsWith("/admin/", StringComparison.Ordinal))
            return admin.HandleAsync(context);
        if (path.StartsWith(RootMetadata, StringComparison.Ordinal))
            path = $"/realms/{path[RootMetadata.Length..]}/.well-known/oauth-authorization-server";
        if (!path.StartsWith("/realms/", StringComparison.Ordinal))
            return KeycloakAnswer.ErrorAsync(context, 404, "Unable to find matching target resource method");
        var parts = path["/realms/".Length..].Split('/', 2);
        return realms.TryGetValue(parts[0], out var realm)
            ? InRealmAsync(context, realm, parts.ElementAtOrDefault(1) ?? "")
            : KeycloakAnswer.ErrorAsync(context, 404, "Realm does not exist");
    }

    // The issuer follows the Host header: a token taken at localhost is refused where 127.0.0.1 is expected.
    private static string BaseOf(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    private Task InRealmAsync(HttpContext context, BuiltInRealm realm, string path)
    {
        var issuer = $"{BaseOf(context)}/realms/{realm.Name}";
        var get = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        switch (path)
        {
            case "" or "protocol/openid-connect/certs" when !get:
            case ".well-known/openid-configuration" or ".well-known/oauth-authorization-server" when !get:
            case "protocol/openid-connect/token" when !HttpMethods.IsPost(context.Request.Method):
                return KeycloakAnswer.ErrorAsync(context, 405, "HTTP 405 Method Not Allowed");
            case "":
                return InformationAsync(context, realm, issuer);
            case ".well-known/openid-configuration" or ".well-known/oauth-authorization-server":
                context.Response.Headers.CacheControl = "no-cache, must-revalidate, no-transform, no-store";
                return KeycloakAnswer.SendAsync(context, 200, Encoding.UTF8.GetBytes(DiscoveryDocument.Of(issuer)), "application/json");
            case "protocol/openid-connect/certs":
                context.Response.Headers.CacheControl = "no-cache";
                return KeycloakAnswer.JsonAsync(context, 200, realm.WriteKeys);
            case "protocol/openid-connect/token":
                return tokens.HandleAsync(context, realm, issuer);
            default:
                return KeycloakAnswer.ErrorAsync(context, 404, "HTTP 404 Not Found");
        }
    }

    private static Task InformationAsync(HttpContext context, BuiltInRealm realm, string issuer)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return KeycloakAnswer.JsonAsync(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteString("realm", realm.Name);
            json.WriteBase64String("public_key", realm.SigningKey.PublicKey);
            json.WriteString("token-service", $"{issuer}/protocol/openid-connect");
            json.WriteString("account-service", $"{issuer}/account");
            json.WriteNumber("tokens-not-before", 0);
            json.WriteEndObject();
        }, "application/json;charset=UTF-8");
    }
}
