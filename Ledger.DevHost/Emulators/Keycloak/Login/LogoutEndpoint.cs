using System.Net;
using Ledger.DevHost.Emulators.Keycloak.Import;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>
/// <c>…/logout</c>: by the browser (OpenID Connect RP-Initiated Logout, recordings 271–277), or by a client with its refresh token
/// (144–149), which is 204 however often it is done.
/// </summary>
internal sealed class LogoutEndpoint(TimeProvider time)
{
    public static async Task HandleAsync(HttpContext context, Realm realm, string issuer)
    {
        var posted = HttpMethods.IsPost(context.Request.Method);
        var fields = posted ? await FormFields.ReadAsync(context).ConfigureAwait(false) : FormFields.OfQuery(context.Request);
        context.Response.Headers.CacheControl = "no-cache";
        if (posted && fields["refresh_token"] is not null)
        {
            await ByTokenAsync(context, realm, issuer, fields).ConfigureAwait(false);
            return;
        }
        BrowserAnswer answer;
        lock (realm.Gate)
            answer = ByBrowser(realm, new Cookies(realm, context.Request), issuer, fields);
        await (answer with { CacheControl = null }).SendAsync(context).ConfigureAwait(false);
    }

    /// <summary><c>POST …/logout/logout-confirm</c>: the button of the page that asks.</summary>
    public async Task ConfirmAsync(HttpContext context, Realm realm)
    {
        var form = await FormFields.ReadAsync(context).ConfigureAwait(false);
        BrowserAnswer answer;
        lock (realm.Gate)
        {
            var cookies = new Cookies(realm, context.Request);
            answer = realm.Logins.Logouts.Remove(form["session_code"] ?? "", out var request) && request.RootId == cookies.RootId
                ? Done(realm, cookies, cookies.Session(time.GetUtcNow())?.Id, request.RedirectUri, request.State)
                : LoginPages.Error(realm, 400, "Logout failed");
        }
        await answer.SendAsync(context).ConfigureAwait(false);
    }

    private static async Task ByTokenAsync(HttpContext context, Realm realm, string issuer, FormFields form)
    {
        try
        {
            lock (realm.Gate)
            {
                var client = ClientAuthentication.Check(context.Request, form, realm);
                var claims = RefreshGrant.Read(realm, form["refresh_token"] ?? "", issuer)
                    ?? throw OAuthRefusal.Grant("Invalid refresh token");
                if (claims.Text("azp") != client.ClientId)
                    throw OAuthRefusal.Grant("Invalid refresh token. Token client and authorized client don't match");
                realm.Sessions.Remove(claims.Text("sid") ?? "");
            }
            context.Response.Headers.ContentSecurityPolicy = KeycloakAnswer.PagePolicy;
            await KeycloakAnswer.EmptyAsync(context, 204, framed: true).ConfigureAwait(false);
        }
        catch (OAuthRefusal refusal)
        {
            context.Response.Headers.CacheControl = default;
            await KeycloakAnswer.JsonAsync(context, refusal.Status, refusal.Write).ConfigureAwait(false);
        }
    }

    private static BrowserAnswer ByBrowser(Realm realm, Cookies cookies, string issuer, FormFields fields)
    {
        var hint = fields.Text("id_token_hint");
        var claims = hint is null ? null : CompactJws.OfRealm(realm, hint); // an old one is as good
        if (hint is not null && (claims?.Text("typ") != "ID" || claims.Text("iss") != issuer))
            return LoginPages.Error(realm, 400, "Invalid parameter: id_token_hint");
        var clientId = fields.Text("client_id") ?? claims?.Text("azp");
        var address = fields.Text("post_logout_redirect_uri");
        if (address is not null && clientId is null)
            return LoginPages.Error(realm, 400, "Missing parameters: id_token_hint");
        if (claims is not null && clientId != claims.Text("azp"))
            return LoginPages.Error(realm, 400, "Invalid parameter: id_token_hint");
        RealmClient? client = null;
        if (clientId is not null && !realm.Clients.TryGetValue(clientId, out client))
            return LoginPages.Error(realm, 400, "Client not found.");
        if (address is not null && !RedirectUris.AllowAfterLogout(client!, address))
            return LoginPages.Error(realm, 400, "Invalid redirect uri");
        return claims is null
            ? Ask(realm, cookies, clientId, address, fields["state"])
            : Done(realm, cookies, claims.Text("sid"), address, fields["state"]);
    }

    private static BrowserAnswer Ask(Realm realm, Cookies cookies, string? clientId, string? address, string? state)
    {
        var rootId = cookies.RootId ?? NewId.Session();
        var code = NewId.Secret();
        realm.Logins.Logouts.Add(code, new LogoutRequest(rootId, address, state));
        realm.Logins.Trim();
        var action = $"/realms/{realm.Name}/protocol/openid-connect/logout/logout-confirm"
            + (clientId is null ? "" : $"?client_id={Uri.EscapeDataString(clientId)}");
        return BrowserAnswer.Page(LoginPages.ConfirmLogout(action, code)).With(cookies.AuthSession(rootId));
    }

    private static BrowserAnswer Done(Realm realm, Cookies cookies, string? sessionId, string? address, string? state)
    {
        realm.Sessions.Remove(sessionId ?? "");
        var answer = address is null
            ? BrowserAnswer.Page(LoginPages.LoggedOut(realm))
            : BrowserAnswer.Redirect(state is null
                ? address
                : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}state={WebUtility.UrlEncode(state)}");
        return answer.With(cookies.SignedOut());
    }
}
