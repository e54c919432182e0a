namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>RFC 6749, 4.4: a token of the client's service account (recordings 22–35).</summary>
internal static class ClientCredentialsGrant
{
    public static TokenGrant Of(Realm realm, RealmClient client, FormFields form)
    {
        if (client.PublicClient)
            throw new OAuthRefusal(401, "unauthorized_client", "Public client not allowed to retrieve service account");
        if (!client.ServiceAccountsEnabled)
            throw new OAuthRefusal(401, "unauthorized_client", "Client not enabled to retrieve service account");
        var scopes = PasswordGrant.ScopesOf(realm, client, form);
        var account = realm.Users.Values.FirstOrDefault(u => u.ServiceAccountOf == client)
            ?? throw new OAuthRefusal(401, "unauthorized_client", "Client not enabled to retrieve service account");
        return account.Enabled
            ? new TokenGrant(realm, client, account, null, scopes, "cc", "1")
            : throw new OAuthRefusal(401, "unauthorized_client", "Client not enabled to retrieve service account");
    }
}
