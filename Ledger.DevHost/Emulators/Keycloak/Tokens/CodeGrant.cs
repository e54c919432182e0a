using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Keycloak.Login;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>
/// RFC 6749, 4.1.3, with PKCE (recordings 211–224, 267). Whatever is wrong, the code is spent; used a second time it ends the client's part
/// of the session, so that the tokens of the first use die.
/// </summary>
internal static partial class CodeGrant
{
    public static TokenGrant Of(Realm realm, RealmClient client, FormFields form, DateTimeOffset now)
    {
        if (form.Text("code") is not { } text)
            throw OAuthRefusal.Request("Missing parameter: code");
        if (!realm.Logins.Codes.TryGetValue(text, out var code))
            throw OAuthRefusal.Grant("Code not valid");
        if (code.Spent)
        {
            code.Session.Clients.Remove(code.Client.ClientId);
            throw OAuthRefusal.Grant("Code not valid");
        }
        code.Spent = true;
        if (code.Expires <= now || realm.Sessions.Active(realm, code.Session.Id, now) != code.Session)
            throw OAuthRefusal.Grant("Code not valid");
        if (form["redirect_uri"] != code.RedirectUri)
            throw OAuthRefusal.Grant("Incorrect redirect_uri");
        if (code.Client != client)
            throw OAuthRefusal.Grant("Auth error: Found different client_id in clientSession");
        if (!code.Session.User.Enabled)
            throw OAuthRefusal.Grant("User disabled");
        CheckVerifier(code, form.Text("code_verifier"));
        return new TokenGrant(realm, client, code.Session.User, code.Session, code.Scopes, "ac", code.Acr) { Nonce = code.Nonce };
    }

    private static void CheckVerifier(AuthorizationCode code, string? verifier)
    {
        if (code.Challenge is null)
            return;
        if (verifier is null)
            throw OAuthRefusal.Grant("PKCE code verifier not specified");
        if (!Verifier().IsMatch(verifier))
            throw OAuthRefusal.Grant("PKCE verification failed: Invalid code verifier");
        if (code.Challenge != (code.Hashed ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) : verifier))
            throw OAuthRefusal.Grant("PKCE verification failed: Code mismatch");
    }

    // RFC 7636, 4.1.
    [GeneratedRegex("^[A-Za-z0-9._~-]{43,128}$")]
    private static partial Regex Verifier();
}
