using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>An access token that this server itself is called with: userinfo and the admin REST.</summary>
/// <param name="Claims">All of them.</param>
/// <param name="User">Claim <c>sub</c>.</param>
/// <param name="Client">Claim <c>azp</c>.</param>
internal sealed record BearerToken(JsonObject Claims, RealmUser User, RealmClient Client)
{
    /// <summary>What userinfo answers to most bad tokens.</summary>
    public const string Unverified = "Token verification failed";

    /// <summary>Checks signature, issuer, time, revocation, session and user (recordings 85, 96–116, 474, 609).</summary>
    /// <param name="realm">Whose; its <see cref="Realm.Gate"/> is held.</param>
    /// <param name="token">Without <c>Bearer </c>.</param>
    /// <param name="issuer">As the request's Host header makes it.</param>
    /// <param name="now">The clock.</param>
    /// <param name="fault">Why not: the <c>error_description</c> of userinfo.</param>
    /// <returns>Null: not good.</returns>
    public static BearerToken? Check(Realm realm, string token, string issuer, DateTimeOffset now, out string fault)
    {
        fault = Unverified;
        var seconds = now.ToUnixTimeSeconds();
        if (CompactJws.OfRealm(realm, token) is not { } claims
            || claims.Text("iss") != issuer || claims.Text("typ") != "Bearer"
            || (long?)claims["exp"] <= seconds || (long?)claims["iat"] < realm.Settings.NotBefore
            || realm.Sessions.IsRevoked(claims.Text("jti") ?? "")
            || !realm.Clients.TryGetValue(claims.Text("azp") ?? "", out var client) || !client.Enabled
            || realm.UserById(claims.Text("sub")) is not { } user || (long?)claims["iat"] < user.NotBefore)
            return null;
        if (claims.Text("sid") is { } sid
            && realm.Sessions.Active(realm, sid, now)?.Clients.ContainsKey(client.ClientId) is not true)
        {
            fault = "user_session_not_found";
            return null;
        }
        if (user.Enabled)
            return new BearerToken(claims, user, client);
        fault = "User disabled";
        return null;
    }

    /// <summary>The token of the header <c>Authorization: Bearer …</c>; null: there is none.</summary>
    public static string? Of(HttpRequest request)
        => request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;
}
