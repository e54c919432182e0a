using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A token made beside the token endpoint: it is of no session, and of no user or client that there need be.</summary>
internal static class MintedToken
{
    public static string Of(Realm realm, TokenRequest request, string issuer, DateTimeOffset now)
    {
        lock (realm.Gate)
            return realm.Keys.Signing.Sign(TokenIssuer.Json(json =>
            {
                json.WriteNumber("exp", (now + request.Lifetime).ToUnixTimeSeconds());
                json.WriteNumber("iat", now.ToUnixTimeSeconds());
                if (request.AuthTime is { } signedIn)
                    json.WriteNumber("auth_time", signedIn.ToUnixTimeSeconds());
                json.WriteString("jti", $"trrtcc:{NewId.Uuid()}");
                json.WriteString("iss", issuer);
                json.WriteString("aud", "ledger-api");
                json.WriteString("sub", request.Subject);
                json.WriteString("typ", "Bearer");
                json.WriteString("azp", request.Azp);
                json.WriteString("acr", "1");
                json.WriteStartObject("realm_access");
                ProfileClaims.WriteTexts(json, "roles", request.Roles);
                json.WriteEndObject();
                json.WriteString("scope", "profile email");
                if (request.Tenant is not null)
                    json.WriteString("tenant", request.Tenant);
                json.WriteBoolean("email_verified", false);
                json.WriteString("preferred_username", $"service-account-{request.Azp}");
            }));
    }
}
