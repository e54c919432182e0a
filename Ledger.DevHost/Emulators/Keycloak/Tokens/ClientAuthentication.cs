using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>
/// Which client calls: <c>client_id</c> and <c>client_secret</c> in the form or by HTTP Basic (recordings 22–36). A secret that is wrong or
/// missing is 401 <c>unauthorized_client</c>, a client that is unknown, disabled or not named is 401 <c>invalid_client</c>.
/// </summary>
internal static class ClientAuthentication
{
    private const string Refused = "Invalid client or Invalid client credentials";

    public static RealmClient Check(HttpRequest request, FormFields form, Realm realm)
    {
        var basic = BasicOf(request);
        if ((basic?.Client ?? form.Text("client_id")) is not { } id
            || !realm.Clients.TryGetValue(id, out var client) || !client.Enabled)
            throw new OAuthRefusal(401, "invalid_client", Refused);
        if (client.PublicClient)
            return client;
        // Both methods at once: both secrets must be right (recording 36).
        var given = new[] { basic?.Secret, form["client_secret"] }.OfType<string>().ToArray();
        if (client.Secret is null || given.Length == 0 || given.Any(s => !Same(s, client.Secret)))
            throw new OAuthRefusal(401, "unauthorized_client", Refused);
        return client.BearerOnly ? throw new OAuthRefusal(400, "invalid_client", "Bearer-only not allowed") : client;
    }

    private static bool Same(string given, string secret)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));

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
