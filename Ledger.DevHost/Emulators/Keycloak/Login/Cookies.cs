using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Keycloak.Import;
using Ledger.DevHost.Emulators.Keycloak.Sessions;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>
/// The cookies of the login page (recordings 208–214, 275): <c>Secure; SameSite=None</c> even over http, as the real ones are; browsers
/// send such cookies to 127.0.0.1 all the same. AUTH_SESSION_ID is the browser, KEYCLOAK_IDENTITY the session it has.
/// </summary>
internal sealed class Cookies(Realm realm, HttpRequest request)
{
    private string Path => $"Version=1;Path=/realms/{realm.Name}/";

    /// <summary>The browser's id; null: it has none yet.</summary>
    public string? RootId => request.Cookies["AUTH_SESSION_ID"] is { Length: > 0 } value ? value : null;

    public bool HasRestart => !string.IsNullOrEmpty(request.Cookies["KC_RESTART"]);

    /// <summary>The session that the browser is signed in to; null: none that still is.</summary>
    public UserSession? Session(DateTimeOffset now)
        => CompactJws.OfSecret(realm, request.Cookies["KEYCLOAK_IDENTITY"] ?? "") is { } claims && claims.Text("typ") == "Serialized-ID"
            && realm.Sessions.Active(realm, claims.Text("sid") ?? "", now) is { User.Enabled: true } session
            ? session
            : null;

    public string AuthSession(string rootId) => $"AUTH_SESSION_ID={rootId};{Path};Secure;HttpOnly;SameSite=None";

    public string AuthSessionHash(string rootId) => $"KC_AUTH_SESSION_HASH={HashOf(rootId)};{Path};Max-Age=60;Secure;SameSite=None";

    /// <summary>The real one carries the request in it; the emulator keeps logins in memory and starts none again.</summary>
    public string Restart(LoginTab tab) => $"KC_RESTART={tab.Id};{Path};Secure;HttpOnly;SameSite=None";

    public string NoRestart => $"KC_RESTART=;{Path};Max-Age=0";

    public IEnumerable<string> SignedIn(UserSession session, string issuer, DateTimeOffset now)
    {
        var identity = realm.Keys.Refresh.Sign(TokenIssuer.Json(json =>
        {
            json.WriteNumber("exp", session.Started + realm.Settings.SsoSessionMaxLifespan);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteString("jti", NewId.Uuid());
            json.WriteString("iss", issuer);
            json.WriteString("sub", session.User.Id);
            json.WriteString("typ", "Serialized-ID");
            json.WriteString("sid", session.Id);
        }));
        yield return $"KEYCLOAK_IDENTITY={identity};{Path};Secure;HttpOnly;SameSite=None";
        yield return $"KEYCLOAK_SESSION={HashOf(session.Id)};{Path};Max-Age={realm.Settings.SsoSessionMaxLifespan};Secure;SameSite=None";
    }

    public IEnumerable<string> SignedOut() => [$"KEYCLOAK_IDENTITY=;{Path};Max-Age=0", $"KEYCLOAK_SESSION=;{Path};Max-Age=0"];

    private static string HashOf(string rootId)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(rootId))).TrimEnd('=');
        return hash.Contains('/', StringComparison.Ordinal) ? $"\"{hash}\"" : hash;
    }
}
