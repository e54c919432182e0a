using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>
/// <c>POST …/revoke</c> (RFC 7009; recordings 134–142). A refresh token takes the client's part of the session with it, access tokens and
/// all; an access token goes alone. Garbage is 200 with an error in the body.
/// </summary>
internal sealed class RevokeEndpoint(TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, Realm realm, string issuer)
    {
        var form = await FormFields.ReadAsync(context).ConfigureAwait(false);
        try
        {
            lock (realm.Gate)
                Revoke(context, form, realm, issuer);
            context.Response.Headers.ContentSecurityPolicy = KeycloakAnswer.PagePolicy;
            await KeycloakAnswer.EmptyAsync(context, 200, framed: true).ConfigureAwait(false);
        }
        catch (OAuthRefusal refusal)
        {
            await KeycloakAnswer.JsonAsync(context, refusal.Status, refusal.Write).ConfigureAwait(false);
        }
    }

    private void Revoke(HttpContext context, FormFields form, Realm realm, string issuer)
    {
        var client = ClientAuthentication.Check(context.Request, form, realm);
        if (form.Text("token") is not { } token)
            throw OAuthRefusal.Request("Token not provided");
        var now = time.GetUtcNow();
        var refresh = RefreshGrant.Read(realm, token, issuer);
        if (refresh is null && BearerToken.Check(realm, token, issuer, now, out _) is null)
            throw new OAuthRefusal(200, "invalid_token", "Invalid token");
        var claims = refresh ?? CompactJws.OfRealm(realm, token)!;
        if (claims.Text("azp") != client.ClientId)
            throw OAuthRefusal.Request("Unmatching clients");
        if (refresh is null)
            realm.Sessions.Revoke(claims.Text("jti") ?? "");
        else if (realm.Sessions.Find(claims.Text("sid") ?? "") is { } session)
            realm.Sessions.RemoveClient(session, client);
    }
}
