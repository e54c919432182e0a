using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>
/// RFC 6749, 4.3, with Keycloak's parameter <c>totp</c> (recordings 47–80). A wrong password, an unknown or locked user and a missing
/// one-time code are the same to the caller; what is wrong with the account is said only to who knows the password.
/// </summary>
internal static class PasswordGrant
{
    private static OAuthRefusal Wrong => OAuthRefusal.Grant("Invalid user credentials");

    public static TokenGrant Of(Realm realm, RealmClient client, FormFields form, DateTimeOffset now)
    {
        if (!client.DirectAccessGrantsEnabled)
            throw new OAuthRefusal(400, "unauthorized_client", "Client not allowed for direct access grants");
        var scopes = ScopesOf(realm, client, form);
        if (form.Text("username") is not { } name)
            throw new OAuthRefusal(401, "invalid_request", "Missing parameter: username");
        var user = UserCheck.Find(realm, name.Trim());
        if (!UserCheck.Password(realm, user, form["password"] ?? "", now))
            throw Wrong;
        if (!user!.Enabled)
            throw OAuthRefusal.Grant("Account disabled");
        if (user.HasOtp && !UserCheck.Otp(realm, user, form["totp"], now))
            throw Wrong;
        if (UserCheck.RequiredAction(realm, user) is not null)
            throw OAuthRefusal.Grant("Account is not fully set up");
        BruteForce.Succeeded(realm, user);
        var seconds = now.ToUnixTimeSeconds();
        var session = new UserSession(NewId.Session(), user) { Started = seconds, LastAccess = seconds, Offline = scopes.Offline };
        var acr = AcrNames.Of(realm, 1);
        session.Clients[client.ClientId] = new ClientSession(client) { Started = seconds, Acr = acr };
        realm.Sessions.Add(session);
        return new TokenGrant(realm, client, user, session, scopes, "ro", acr);
    }

    /// <exception cref="OAuthRefusal">400 <c>invalid_scope</c>.</exception>
    public static GrantedScopes ScopesOf(Realm realm, RealmClient client, FormFields form)
        => GrantedScopes.Of(realm, client, form["scope"])
            ?? throw new OAuthRefusal(400, "invalid_scope", $"Invalid scopes: {form["scope"]}");
}
