using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>Writes what was judged good.</summary>
internal static class UserChange
{
    // Others in requiredActions are ignored.
    private static readonly string[] KnownActions =
    [
        "UPDATE_PASSWORD", "UPDATE_PROFILE", "VERIFY_EMAIL", "CONFIGURE_TOTP", "VERIFY_PROFILE", "UPDATE_EMAIL", "TERMS_AND_CONDITIONS",
        "CONFIGURE_RECOVERY_AUTHN_CODES", "webauthn-register", "webauthn-register-passwordless", "delete_account", "delete_credential",
        "idp_link", "update_user_locale",
    ];

    /// <summary>Refuses a password that breaks the policy, before anything is changed.</summary>
    public static void Require(Realm realm, RealmUser user, UserFields fields, IEnumerable<CredentialBody> credentials)
    {
        var future = new RealmUser(user.Id, fields.Username) { Email = fields.Email };
        foreach (var credential in credentials.Where(IsPassword))
            Require(realm.PasswordPolicy.Check(credential.Value!, future));
    }

    public static void Require(PasswordFault? fault)
    {
        if (fault is not null)
            throw new AdminRefusal(AdminAnswer.Error(400, fault.Key, fault.Text));
    }

    /// <param name="request">Its realm and its time.</param>
    /// <param name="user">Who is changed.</param>
    /// <param name="fields">What the user profile let pass.</param>
    /// <param name="body">The rest.</param>
    /// <param name="whole">Whether attributes that are not given are erased.</param>
    public static void Apply(AdminRequest request, RealmUser user, UserFields fields, UserBody body, bool whole)
    {
        (user.Username, user.Email, user.FirstName, user.LastName) = (fields.Username, fields.Email, fields.FirstName, fields.LastName);
        if (whole)
            SetAttributes(request.Realm.UserProfile, user, fields.Attributes);
        if (body.Enabled == true) // whoever was locked out, for a while or for good, is in again
        {
            request.Realm.Failures.Remove(user.Id);
            user.Attributes.Remove(ManagedAttributes.DisabledReason);
        }
        user.Enabled = body.Enabled ?? user.Enabled;
        user.EmailVerified = body.EmailVerified ?? user.EmailVerified;
        if (body.RequiredActions is { } actions)
        {
            user.RequiredActions.Clear();
            user.RequiredActions.AddRange(KnownActions.Intersect(actions));
        }
        foreach (var credential in body.Credentials.Where(IsPassword))
            user.SetPassword(credential.Value!, request.Now, credential.Temporary);
    }

    private static bool IsPassword(CredentialBody credential) => credential is { Type: "password", Value.Length: > 0 };

    // What is not shown cannot be taken back by somebody who writes what they read: it stays.
    private static void SetAttributes(UserProfile profile, RealmUser user, IReadOnlyDictionary<string, List<string>> attributes)
    {
        foreach (var name in user.Attributes.Keys.Where(profile.Writes).ToArray())
            user.Attributes.Remove(name);
        foreach (var (name, values) in attributes.Where(a => profile.Writes(a.Key) && a.Value.Exists(v => v.Length > 0)))
            user.Attributes[name] = [.. values];
    }
}
