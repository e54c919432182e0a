using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>The members a realm file may have; the real server does not start with any other (recording 692).</summary>
internal static class KnownFields
{
    private static readonly HashSet<string> Realm = Words("""
        id realm displayName displayNameHtml notBefore defaultSignatureAlgorithm revokeRefreshToken refreshTokenMaxReuse
        accessTokenLifespan accessTokenLifespanForImplicitFlow ssoSessionIdleTimeout ssoSessionMaxLifespan
        ssoSessionIdleTimeoutRememberMe ssoSessionMaxLifespanRememberMe offlineSessionIdleTimeout offlineSessionMaxLifespanEnabled
        offlineSessionMaxLifespan clientSessionIdleTimeout clientSessionMaxLifespan clientOfflineSessionIdleTimeout
        clientOfflineSessionMaxLifespan accessCodeLifespan accessCodeLifespanUserAction accessCodeLifespanLogin
        actionTokenGeneratedByAdminLifespan actionTokenGeneratedByUserLifespan oauth2DeviceCodeLifespan oauth2DevicePollingInterval
        enabled sslRequired passwordCredentialGrantAllowed registrationAllowed registrationEmailAsUsername rememberMe verifyEmail
        loginWithEmailAllowed duplicateEmailsAllowed resetPasswordAllowed editUsernameAllowed userCacheEnabled realmCacheEnabled
        bruteForceProtected permanentLockout maxTemporaryLockouts bruteForceStrategy maxFailureWaitSeconds minimumQuickLoginWaitSeconds
        waitIncrementSeconds quickLoginCheckMilliSeconds maxDeltaTimeSeconds failureFactor maxSecondaryAuthFailures privateKey publicKey
        certificate codeSecret
        roles groups defaultRoles defaultRole defaultGroups requiredCredentials passwordPolicy otpPolicyType otpPolicyAlgorithm
        otpPolicyInitialCounter otpPolicyDigits otpPolicyLookAheadWindow otpPolicyPeriod otpPolicyCodeReusable otpSupportedApplications
        localizationTexts webAuthnPolicyRpEntityName webAuthnPolicySignatureAlgorithms webAuthnPolicyRpId
        webAuthnPolicyAttestationConveyancePreference webAuthnPolicyAuthenticatorAttachment webAuthnPolicyRequireResidentKey
        webAuthnPolicyUserVerificationRequirement webAuthnPolicyCreateTimeout webAuthnPolicyAvoidSameAuthenticatorRegister
        webAuthnPolicyAcceptableAaguids webAuthnPolicyExtraOrigins webAuthnPolicyPasswordlessRpEntityName
        webAuthnPolicyPasswordlessSignatureAlgorithms webAuthnPolicyPasswordlessRpId
        webAuthnPolicyPasswordlessAttestationConveyancePreference webAuthnPolicyPasswordlessAuthenticatorAttachment
        webAuthnPolicyPasswordlessRequireResidentKey webAuthnPolicyPasswordlessUserVerificationRequirement
        webAuthnPolicyPasswordlessCreateTimeout webAuthnPolicyPasswordlessAvoidSameAuthenticatorRegister
        webAuthnPolicyPasswordlessAcceptableAaguids webAuthnPolicyPasswordlessExtraOrigins webAuthnPolicyPasswordlessPasskeysEnabled
        clientProfiles clientPolicies users federatedUsers scopeMappings clientScopeMappings clients clientScopes
        defaultDefaultClientScopes defaultOptionalClientScopes browserSecurityHeaders smtpServer userFederationProviders
        userFederationMappers loginTheme accountTheme adminTheme emailTheme eventsEnabled eventsExpiration eventsListeners
        enabledEventTypes adminEventsEnabled adminEventsDetailsEnabled identityProviders identityProviderMappers protocolMappers
        components internationalizationEnabled supportedLocales defaultLocale authenticationFlows authenticatorConfig requiredActions
        browserFlow registrationFlow directGrantFlow resetCredentialsFlow clientAuthenticationFlow dockerAuthenticationFlow
        firstBrokerLoginFlow attributes keycloakVersion userManagedAccessAllowed organizationsEnabled organizations
        verifiableCredentialsEnabled oid4VciEnabled adminPermissionsEnabled workflows scimApiEnabled social
        updateProfileOnInitialSocialLogin socialProviders applicationScopeMappings applications oauthClients clientTemplates
        """);

    private static readonly HashSet<string> Client = Words("""
        id clientId name description type rootUrl adminUrl baseUrl surrogateAuthRequired enabled alwaysDisplayInConsole
        clientAuthenticatorType secret registrationAccessToken defaultRoles redirectUris webOrigins notBefore bearerOnly consentRequired
        standardFlowEnabled implicitFlowEnabled directAccessGrantsEnabled serviceAccountsEnabled authorizationServicesEnabled
        directGrantsOnly publicClient frontchannelLogout protocol attributes authenticationFlowBindingOverrides fullScopeAllowed
        nodeReRegistrationTimeout registeredNodes protocolMappers clientTemplate useTemplateConfig useTemplateScope useTemplateMappers
        defaultClientScopes optionalClientScopes authorizationSettings access origin
        """);

    private static readonly HashSet<string> User = Words("""
        id self username firstName lastName email emailVerified attributes userProfileMetadata origin createdTimestamp enabled totp
        federationLink serviceAccountClientId credentials disableableCredentialTypes requiredActions federatedIdentities realmRoles
        clientRoles clientConsents notBefore applicationRoles socialLinks groups access verifiableCredentials
        """);

    private static readonly HashSet<string> Role = Words("""
        id name description scopeParamRequired composites composite clientRole containerId attributes
        """);

    /// <summary>Looks at the realm, its clients, users and roles.</summary>
    /// <exception cref="RealmImportException">A member that is not known, as the real server names it.</exception>
    public static void Check(JsonObject realm)
    {
        Check(realm, Realm, "RealmRepresentation");
        foreach (var client in realm.Objects("clients"))
            Check(client, Client, "ClientRepresentation");
        foreach (var user in realm.Objects("users"))
            Check(user, User, "UserRepresentation");
        foreach (var role in (realm["roles"] as JsonObject)?.Objects("realm") ?? [])
            Check(role, Role, "RoleRepresentation");
    }

    private static void Check(JsonObject given, HashSet<string> known, string representation)
    {
        if (given.Select(m => m.Key).FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            throw new RealmImportException(
                $"Unrecognized field \"{unknown}\" (class org.keycloak.representations.idm.{representation}), not marked as ignorable");
    }

    private static HashSet<string> Words(string text)
        => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
