using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary>The realm itself. Who administers something else in it sees little of it.</summary>
internal static class RealmRoute
{
    public static AdminAnswer Handle(AdminRequest request) => request.Method switch
    {
        "GET" => Get(request),
        "PUT" => Put(request),
        _ => AdminAnswer.NotAllowed,
    };

    private static AdminAnswer Get(AdminRequest request)
    {
        AdminCaller.Require(request.Caller.Any);
        var (realm, settings) = (request.Realm, request.Realm.Settings);
        return AdminAnswer.Ok(json =>
        {
            json.WriteStartObject();
            if (request.Caller.ViewRealm)
                json.WriteString("id", realm.Id);
            json.WriteString("realm", realm.Name);
            if (settings.DisplayName is { } display)
                json.WriteString("displayName", display);
            json.WriteBoolean("registrationEmailAsUsername", false);
            json.WriteBoolean("bruteForceProtected", settings.BruteForceProtected);
            json.WriteStartArray("supportedLocales");
            json.WriteEndArray();
            json.WriteBoolean("organizationsEnabled", false);
            if (request.Caller.ViewRealm)
            {
                json.WriteBoolean("enabled", settings.Enabled);
                json.WriteNumber("notBefore", settings.NotBefore);
                json.WriteBoolean("loginWithEmailAllowed", settings.LoginWithEmailAllowed);
                json.WriteBoolean("duplicateEmailsAllowed", settings.DuplicateEmailsAllowed);
                json.WriteBoolean("editUsernameAllowed", settings.EditUsernameAllowed);
                json.WriteBoolean("resetPasswordAllowed", settings.ResetPasswordAllowed);
                json.WriteBoolean("verifyEmail", settings.VerifyEmail);
                json.WriteNumber("accessTokenLifespan", settings.AccessTokenLifespan);
                json.WriteNumber("ssoSessionIdleTimeout", settings.SsoSessionIdleTimeout);
                json.WriteNumber("ssoSessionMaxLifespan", settings.SsoSessionMaxLifespan);
                json.WriteBoolean("revokeRefreshToken", settings.RevokeRefreshToken);
                json.WriteNumber("failureFactor", settings.FailureFactor);
                json.WriteString("passwordPolicy", realm.PasswordPolicy.Text);
            }
            json.WriteEndObject();
        });
    }

    // What the emulator has no place for is read and dropped.
    private static AdminAnswer Put(AdminRequest request)
    {
        var body = JsonBody.Object(request, "RealmRepresentation", fields: null);
        AdminCaller.Require(request.Caller.ManageRealm);
        var settings = request.Realm.Settings;
        settings.DisplayName = body.Text("displayName") ?? settings.DisplayName;
        settings.NotBefore = body.Number("notBefore") ?? settings.NotBefore;
        settings.AccessTokenLifespan = body.Whole("accessTokenLifespan") ?? settings.AccessTokenLifespan;
        settings.SsoSessionIdleTimeout = body.Whole("ssoSessionIdleTimeout") ?? settings.SsoSessionIdleTimeout;
        settings.SsoSessionMaxLifespan = body.Whole("ssoSessionMaxLifespan") ?? settings.SsoSessionMaxLifespan;
        settings.EditUsernameAllowed = body.Flag("editUsernameAllowed") ?? settings.EditUsernameAllowed;
        settings.BruteForceProtected = body.Flag("bruteForceProtected") ?? settings.BruteForceProtected;
        settings.FailureFactor = body.Whole("failureFactor") ?? settings.FailureFactor;
        if (body.Text("passwordPolicy") is { } policy)
            request.Realm.PasswordPolicy = PasswordPolicy.Parse(policy);
        return AdminAnswer.Done;
    }
}
