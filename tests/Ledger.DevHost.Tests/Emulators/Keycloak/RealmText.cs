namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>A realm file with one of each: public, confidential and bearer-only clients, people in all states, passwords by
/// policy.</summary>
internal static class RealmText
{
    public const string Password = "correct-horse-1";

    public const string TotpKey = "a key of twenty byte";

    public const string Redirect = "http://127.0.0.1:18190/signin-oidc";

    public const string Ledger = """
        {
          "realm": "ledger", "displayName": "Ledger", "enabled": true,
          "passwordPolicy": "length(12) and notUsername(undefined) and digits(1)",
          "revokeRefreshToken": true, "bruteForceProtected": true, "failureFactor": 4, "quickLoginCheckMilliSeconds": 0,
          "waitIncrementSeconds": 60, "maxFailureWaitSeconds": 900,
          "roles": {"realm": [{"name": "CLIENT_ADMIN"}, {"name": "CLIENT_TECH"}]},
          "clients": [
            {"clientId": "ledger-api", "bearerOnly": true},
            {"clientId": "ledger-portal", "publicClient": true, "fullScopeAllowed": false,
             "redirectUris": ["http://127.0.0.1:18190/signin-oidc"], "webOrigins": ["http://127.0.0.1:18190"],
             "attributes": {"pkce.code.challenge.method": "S256", "post.logout.redirect.uris": "http://127.0.0.1:18190/signed-out"},
             "protocolMappers": [
              {"name": "a", "protocolMapper": "oidc-audience-mapper",
               "config": {"included.client.audience": "ledger-api", "access.token.claim": "true"}},
              {"name": "t", "protocolMapper": "oidc-usermodel-attribute-mapper",
               "config": {"user.attribute": "tenant", "claim.name": "tenant",
               "access.token.claim": "true", "id.token.claim": "true", "userinfo.token.claim": "true"}}]},
            {"clientId": "direct", "publicClient": true, "directAccessGrantsEnabled": true, "standardFlowEnabled": false},
            {"clientId": "workers", "secret": "${WORKERS_SECRET}", "serviceAccountsEnabled": true}
          ],
          "scopeMappings": [{"client": "ledger-portal", "roles": ["CLIENT_ADMIN", "CLIENT_TECH"]}],
          "users": [
            {"username": "ada", "enabled": true, "email": "ada@ledger.test", "emailVerified": true, "firstName": "Ada", "lastName": "Demo",
             "credentials": [{"type": "password", "value": "${PASSWORD}"}], "attributes": {"tenant": ["demo"]},
             "realmRoles": ["default-roles-ledger", "CLIENT_ADMIN"]},
            {"username": "newcomer", "enabled": true, "email": "new@ledger.test", "firstName": "Nina", "lastName": "Demo",
             "credentials": [{"type": "password", "value": "${PASSWORD}", "temporary": true}],
             "realmRoles": ["default-roles-ledger", "CLIENT_TECH"]},
            {"username": "nameless", "enabled": true, "credentials": [{"type": "password", "value": "${PASSWORD}"}]},
            {"username": "gone", "enabled": false, "email": "gone@ledger.test", "firstName": "G", "lastName": "D",
             "credentials": [{"type": "password", "value": "${PASSWORD}"}]},
            {"username": "otto", "enabled": true, "email": "otto@ledger.test", "firstName": "Otto", "lastName": "Code",
             "credentials": [{"type": "password", "value": "${PASSWORD}"},
               {"type": "otp", "secretData": "{\"value\": \"${TOTP}\"}", "credentialData": "{\"digits\": 6, \"period\": 30}"}]},
            {"username": "service-account-workers", "enabled": true, "serviceAccountClientId": "workers",
             "realmRoles": ["default-roles-ledger"], "clientRoles": {"realm-management": ["view-users"]}}
          ]
        }
        """;

    /// <summary>The levels of authentication of a platform: password, then a one-time code that is asked for each time.</summary>
    public const string Levels = """
        "attributes": {"acr.loa.map": "{\"password\": \"1\", \"otp\": \"2\"}"}, "browserFlow": "own",
        "authenticationFlows": [
          {"alias": "own", "authenticationExecutions": [
            {"authenticator": "auth-cookie", "requirement": "ALTERNATIVE", "priority": 10},
            {"flowAlias": "one", "requirement": "CONDITIONAL", "priority": 20},
            {"flowAlias": "two", "requirement": "CONDITIONAL", "priority": 30}]},
          {"alias": "one", "authenticationExecutions": [
            {"authenticator": "conditional-level-of-authentication", "authenticatorConfig": "l1", "requirement": "REQUIRED", "priority": 1},
            {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 2}]},
          {"alias": "two", "authenticationExecutions": [
            {"authenticator": "conditional-level-of-authentication", "authenticatorConfig": "l2", "requirement": "REQUIRED", "priority": 1},
            {"authenticator": "auth-otp-form", "requirement": "REQUIRED", "priority": 2}]}],
        "authenticatorConfig": [
          {"alias": "l1", "config": {"loa-condition-level": "1", "loa-max-age": "36000"}},
          {"alias": "l2", "config": {"loa-condition-level": "2", "loa-max-age": "0"}}],
        """;

    public static string? Environment(string name) => name switch
    {
        "PASSWORD" => Password,
        "TOTP" => TotpKey,
        "WORKERS_SECRET" => "secret-of-the-workers",
        _ => null,
    };

    public static string With(this string realm, string old, string put)
        => realm.Contains(old, StringComparison.Ordinal)
            ? realm.Replace(old, put, StringComparison.Ordinal)
            : throw new ArgumentException($"no {old} in it", nameof(old));
}
