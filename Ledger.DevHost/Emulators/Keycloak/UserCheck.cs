namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Whether somebody is who they say: the same for the password grant and the login page.</summary>
internal static class UserCheck
{
    /// <summary>The user of a user name or, where the realm allows it, of an e-mail address, in any case of letters.</summary>
    public static RealmUser? Find(Realm realm, string name)
        => realm.UserByName(name) ?? (realm.Settings.LoginWithEmailAllowed ? realm.UserByEmail(name) : null);

    /// <summary>The password is right and the user is not locked; a wrong one counts towards the lockout.</summary>
    public static bool Password(Realm realm, RealmUser? user, string password, DateTimeOffset now)
    {
        if (user is null || user.ServiceAccountOf is not null || BruteForce.IsLocked(realm, user, now))
            return false;
        if (user.Password?.Matches(password) is true)
            return true;
        BruteForce.Failed(realm, user, now);
        return false;
    }

    /// <summary>The one-time code is right; a wrong one counts towards the lockout.</summary>
    public static bool Otp(Realm realm, RealmUser user, string? code, DateTimeOffset now)
    {
        if (code is not null && user.Credentials.OfType<OtpCredential>().Any(c => OneTimeCode.Matches(c, code, now)))
            return true;
        BruteForce.Failed(realm, user, now);
        return false;
    }

    /// <summary>What the user has to do first; null: nothing. Who lacks e-mail or names must complete them (recordings 62, 263).</summary>
    public static string? RequiredAction(Realm realm, RealmUser user)
        => user.RequiredActions.FirstOrDefault() ?? (realm.UserProfile.Attributes.Values.Any(a => a.Required && Missing(user, a.Name))
            ? "VERIFY_PROFILE"
            : null);

    private static bool Missing(RealmUser user, string attribute) => string.IsNullOrEmpty(attribute switch
    {
        "username" => user.Username,
        "email" => user.Email,
        "firstName" => user.FirstName,
        "lastName" => user.LastName,
        _ => user.Attributes.TryGetValue(attribute, out var values) ? values.FirstOrDefault() : null,
    });
}
