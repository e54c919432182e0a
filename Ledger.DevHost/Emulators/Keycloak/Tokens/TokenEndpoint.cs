namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary><c>POST /realms/:realm/protocol/openid-connect/token</c>: which grant, which client; refusals as recorded (37–43,
/// 154–155).</summary>
internal sealed class TokenEndpoint(TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, Realm realm, string issuer)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        var form = await FormFields.ReadAsync(context).ConfigureAwait(false);
        var (status, body) = Answer(context, form, realm, issuer);
        await KeycloakAnswer.SendAsync(context, status, body, "application/json").ConfigureAwait(false);
    }

    private (int Status, byte[] Body) Answer(HttpContext context, FormFields form, Realm realm, string issuer)
    {
        try
        {
            lock (realm.Gate)
                return (200, KeycloakAnswer.Json(Grant(context, form, realm, issuer).WriteAnswer));
        }
        catch (OAuthRefusal refusal)
        {
            return (refusal.Status, KeycloakAnswer.Json(refusal.Write));
        }
    }

    private TokenIssuer Grant(HttpContext context, FormFields form, Realm realm, string issuer)
    {
        if (form.Text("grant_type") is not { } type)
            throw OAuthRefusal.Request("Missing form parameter: grant_type");
        if (form.HasDuplicates)
            throw OAuthRefusal.Request("duplicated parameter");
        if (!realm.Settings.Enabled)
            throw new OAuthRefusal(403, "access_denied", "Realm not enabled");
        if (type is not ("client_credentials" or "password" or "refresh_token" or "authorization_code"))
            throw new OAuthRefusal(400, "unsupported_grant_type", "Unsupported grant_type");
        var client = ClientAuthentication.Check(context.Request, form, realm);
        Cors.Check(context, client);
        var now = time.GetUtcNow();
        var grant = type switch
        {
            "client_credentials" => ClientCredentialsGrant.Of(realm, client, form),
            "password" => PasswordGrant.Of(realm, client, form, now),
            "refresh_token" => RefreshGrant.Of(realm, client, form, issuer, now),
            _ => CodeGrant.Of(realm, client, form, now),
        };
        return new TokenIssuer(grant, issuer, now);
    }
}
