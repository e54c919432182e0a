using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Import;
using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>
/// RFC 6749, 6 (recordings 82–94, 216, 470–473, 605, 610). With <c>revokeRefreshToken</c> a token is good for
/// <c>refreshTokenMaxReuse</c> + 1 uses; one more ends the client's part of the session, for the newer token as well.
/// </summary>
internal static class RefreshGrant
{
    public static TokenGrant Of(Realm realm, RealmClient client, FormFields form, string issuer, DateTimeOffset now)
    {
        if (form.Text("refresh_token") is not { } token)
            throw OAuthRefusal.Request("No refresh token");
        var claims = Read(realm, token, issuer) ?? throw OAuthRefusal.Grant("Invalid refresh token");
        if ((long?)claims["exp"] <= now.ToUnixTimeSeconds())
            throw OAuthRefusal.Grant("Token is not active");
        if (claims.Text("azp") != client.ClientId)
            throw OAuthRefusal.Grant("Invalid refresh token. Token client and authorized client don't match");
        var session = realm.Sessions.Active(realm, claims.Text("sid") ?? "", now) ?? throw OAuthRefusal.Grant("Session not active");
        if (!session.User.Enabled)
            throw OAuthRefusal.Grant("User disabled");
        if (!session.Clients.TryGetValue(client.ClientId, out var part) || (long?)claims["iat"] < part.Started)
            throw OAuthRefusal.Grant("Session doesn't have required client");
        if ((long?)claims["iat"] < Math.Max(realm.Settings.NotBefore, session.User.NotBefore))
            throw OAuthRefusal.Grant("Stale token");
        if (realm.Settings.RevokeRefreshToken)
            Use(realm, session, part, claims, now);
        session.LastAccess = now.ToUnixTimeSeconds();
        var scopes = GrantedScopes.OfRefresh(realm, client, claims.Text("scope") ?? "", form["scope"]);
        return new TokenGrant(realm, client, session.User, session, scopes, "rt", part.Acr) { ReuseId = claims.Text("reuse_id") };
    }

    /// <summary>The claims of a refresh token of this realm; null: it is none. Its time is the caller's question.</summary>
    public static JsonObject? Read(Realm realm, string token, string issuer)
    {
        var claims = CompactJws.OfSecret(realm, token);
        return claims?.Text("iss") == issuer && claims.Text("typ") is "Refresh" or "Offline" ? claims : null;
    }

    private static void Use(Realm realm, UserSession session, ClientSession part, JsonObject claims, DateTimeOffset now)
    {
        var (line, id) = (claims.Text("reuse_id") ?? "", claims.Text("jti") ?? "");
        var before = part.Used.GetValueOrDefault(line);
        var uses = before?.TokenId == id ? before.Uses + 1 : 1;
        var stale = before is not null && before.TokenId != id && (long?)claims["iat"] < before.At;
        if (stale || uses > realm.Settings.RefreshTokenMaxReuse + 1)
        {
            session.Clients.Remove(part.Client.ClientId);
            throw OAuthRefusal.Grant(stale ? "Stale token" : "Maximum allowed refresh token reuse exceeded");
        }
        part.Used[line] = new RefreshUse(id, uses, now.ToUnixTimeSeconds());
    }
}
