using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary><c>GET</c> or <c>POST …/userinfo</c> (recordings 85, 96–116): refusals have no body, only WWW-Authenticate.</summary>
internal sealed class UserinfoEndpoint(TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, Realm realm, string issuer)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        var token = BearerToken.Of(context.Request);
        if (token is null && HttpMethods.IsPost(context.Request.Method))
            token = (await FormFields.ReadAsync(context).ConfigureAwait(false)).Text("access_token");
        var (status, challenge, body) = Answer(realm, token, issuer);
        if (body is not null)
        {
            context.Response.Headers.CacheControl = new(["no-store", "no-cache"]);
            await KeycloakAnswer.SendAsync(context, status, body, "application/json").ConfigureAwait(false);
            return;
        }
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm.Name}\"{challenge}";
        context.Response.ContentType = "text/plain;charset=utf-8";
        await KeycloakAnswer.EmptyAsync(context, status).ConfigureAwait(false);
    }

    private (int Status, string Challenge, byte[]? Body) Answer(Realm realm, string? token, string issuer)
    {
        if (token is null)
            return (401, "", null);
        lock (realm.Gate)
        {
            if (BearerToken.Check(realm, token, issuer, time.GetUtcNow(), out var fault) is not { } bearer)
                return (401, $", error=\"invalid_token\", error_description=\"{fault}\"", null);
            if (bearer.Claims.Text("scope")?.Split(' ').Contains("openid") is not true)
                return (403, ", error=\"insufficient_scope\", error_description=\"Missing openid scope\"", null);
            var scopes = GrantedScopes.OfRefresh(realm, bearer.Client, bearer.Claims.Text("scope") ?? "", null);
            var roles = TokenRoles.Of(bearer.User, bearer.Client, scopes);
            return (200, "", TokenIssuer.Json(json =>
            {
                json.WriteString("sub", bearer.User.Id);
                ProfileClaims.Write(json, bearer.User, bearer.Client, scopes, "userinfo.token.claim", roles.Realm);
            }));
        }
    }
}
