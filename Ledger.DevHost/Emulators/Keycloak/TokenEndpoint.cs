using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary><c>POST /realms/:realm/protocol/openid-connect/token</c>: client credentials (RFC 6749, 4.4), refusals as recorded.</summary>
internal sealed class TokenEndpoint(TimeProvider time)
{
    private const string InvalidClient = "Invalid client or Invalid client credentials";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    private static readonly HashSet<string> Scopes =
        ["openid", "profile", "email", "roles", "web-origins", "address", "phone", "offline_access", "acr", "basic", "organization",
            "service_account", "microprofile-jwt"];

    public async Task HandleAsync(HttpContext context, BuiltInRealm realm, string issuer)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        var (status, body) = Answer(await FormAsync(context).ConfigureAwait(false), BasicOf(context.Request), realm, issuer);
        await KeycloakAnswer.JsonAsync(context, status, body).ConfigureAwait(false);
    }

    private (int Status, Action<Utf8JsonWriter> Body) Answer(
        Dictionary<string, string[]> form, (string Client, string Secret)? basic, BuiltInRealm realm, string issuer)
    {
        string Field(string name) => form.TryGetValue(name, out var values) ? values[0] : "";
        if (Field("grant_type").Length == 0)
            return Error(400, "invalid_request", "Missing form parameter: grant_type");
        if (form.Values.Any(v => v.Length > 1))
            return Error(400, "invalid_request", "duplicated parameter");
        if (Field("grant_type") != "client_credentials")
            return Error(400, "unsupported_grant_type", "Unsupported grant_type");
        var id = basic?.Client ?? Field("client_id");
        if (!realm.Clients.TryGetValue(id, out var client))
            return Error(401, "invalid_client", InvalidClient);
        if (client.Kind == ClientKind.Public)
            return Error(401, "unauthorized_client", "Public client not allowed to retrieve service account");
        var secrets = new[] { basic?.Secret, form.ContainsKey("client_secret") ? Field("client_secret") : null }.Where(s => s is not null)
            .ToArray();
        if (secrets.Length == 0 || secrets.Any(s => s != realm.SecretOf(id)) || client.Kind == ClientKind.BearerOnly)
            return Error(401, "unauthorized_client", InvalidClient);
        var asked = Field("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (asked.Any(s => !Scopes.Contains(s)) || (form.ContainsKey("scope") && asked.Length == 0))
            return Error(400, "invalid_scope", $"Invalid scopes: {Field("scope")}");
        return (200, json => WriteGrant(json, realm, client, issuer, openid: asked.Contains("openid")));
    }

    private void WriteGrant(Utf8JsonWriter json, BuiltInRealm realm, ServiceClient client, string issuer, bool openid)
    {
        var now = time.GetUtcNow();
        var scope = openid ? "openid profile email" : "profile email";
        var access = AccessToken.OfService(realm, client, issuer, scope, now, Lifetime);
        json.WriteStartObject();
        json.WriteString("access_token", access);
        json.WriteNumber("expires_in", (int)Lifetime.TotalSeconds);
        json.WriteNumber("refresh_expires_in", 0);
        json.WriteString("token_type", "Bearer");
        if (openid)
            json.WriteString("id_token", AccessToken.IdOfService(realm, client, issuer, access, now, Lifetime));
        json.WriteNumber("not-before-policy", 0);
        json.WriteString("scope", scope);
        json.WriteEndObject();
    }

    private static (int Status, Action<Utf8JsonWriter> Body) Error(int status, string error, string description) => (status, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", error);
        json.WriteString("error_description", description);
        json.WriteEndObject();
    });

    // Anything but a form counts as an empty one.
    private static async Task<Dictionary<string, string[]>> FormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return [];
        using var reader = new FormReader(context.Request.Body, Encoding.UTF8);
        var form = await reader.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        return form.ToDictionary(f => f.Key, f => f.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal);
    }

    // RFC 6749, 2.3.1: both halves are form-encoded before base64.
    private static (string Client, string Secret)? BasicOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), decoded, out var length))
            return null;
        var parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : null;
    }
}
