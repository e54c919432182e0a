using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin;
using Ledger.DevHost.Emulators.Keycloak.Login;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>The routes of the server and of a realm (recordings 1–21).</summary>
internal sealed class KeycloakServer(IReadOnlyDictionary<string, Realm> realms, TimeProvider time)
{
    private const string RootMetadata = "/.well-known/oauth-authorization-server/realms/";

    private readonly RealmServer realm = new(time);
    private readonly AdminServer admin = new(realms, time);

    public Task HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "/").TrimEnd('/');
        if (path.Length == 0)
        {
            context.Response.Headers.Location = $"{BaseOf(context)}/admin/";
            return KeycloakAnswer.EmptyAsync(context, 302);
        }
        if (path.StartsWith("/admin/", StringComparison.Ordinal))
            return admin.HandleAsync(context);
        if (path.StartsWith(RootMetadata, StringComparison.Ordinal))
            path = $"/realms/{path[RootMetadata.Length..]}/.well-known/oauth-authorization-server";
        if (!path.StartsWith("/realms/", StringComparison.Ordinal))
            return NobodysAsync(context);
        var parts = path["/realms/".Length..].Split('/', 2);
        return realms.TryGetValue(parts[0], out var found)
            ? realm.HandleAsync(context, found, $"{BaseOf(context)}/realms/{found.Name}", parts.ElementAtOrDefault(1) ?? "")
            : NoRealmAsync(context);
    }

    // The issuer follows the Host header: a token taken at localhost is refused where 127.0.0.1 is expected.
    private static string BaseOf(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    // What is not Keycloak's has none of its headers (recording 17).
    private static Task NobodysAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return context.Response.WriteAsJsonAsync(
            new { error = "Unable to find matching target resource method" }, JsonSerializerOptions.Web, "application/json",
            context.RequestAborted);
    }

    private static Task NoRealmAsync(HttpContext context)
        => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? KeycloakAnswer.SendAsync(
                context, 404, Encoding.UTF8.GetBytes(LoginPages.Sorry("", "Page not found")), "text/html;charset=utf-8")
            : KeycloakAnswer.ErrorAsync(context, 404, "Realm does not exist");
}
