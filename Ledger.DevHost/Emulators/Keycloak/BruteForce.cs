namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>
/// Locks users after failed logins: for a while that grows (recordings 71–73), or, with <c>permanentLockout</c>, until an administrator
/// enables them again (75–80).
/// </summary>
internal static class BruteForce
{
    private const string Reason = "disabledReason";

    /// <summary>Whether even the right password is refused, as if it were wrong.</summary>
    public static bool IsLocked(Realm realm, RealmUser user, DateTimeOffset now)
        => realm.Settings.BruteForceProtected
            && ((!user.Enabled && user.Attributes.ContainsKey(Reason))
                || (realm.Failures.TryGetValue(user.Id, out var failures) && failures.FailedLoginNotBefore > now.ToUnixTimeSeconds()));

    public static void Succeeded(Realm realm, RealmUser user)
    {
        if (realm.Failures.Remove(user.Id))
            realm.KeepUsers();
    }

    public static void Failed(Realm realm, RealmUser user, DateTimeOffset now)
    {
        if (!realm.Settings.BruteForceProtected)
            return;
        Count(realm, realm.Settings, user, now);
        realm.KeepUsers();
    }

    private static void Count(Realm realm, RealmSettings settings, RealmUser user, DateTimeOffset now)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        if (!realm.Failures.TryGetValue(user.Id, out var failures))
            realm.Failures.Add(user.Id, failures = new LoginFailures());
        var since = failures.LastFailure == 0 ? long.MaxValue : milliseconds - failures.LastFailure;
        if (!settings.PermanentLockout && since > settings.MaxDeltaTimeSeconds * 1000L)
            failures.NumFailures = 0;
        failures.NumFailures++;
        failures.LastFailure = milliseconds;
        if (failures.NumFailures >= settings.FailureFactor && settings.PermanentLockout)
        {
            user.Enabled = false;
            user.Attributes[Reason] = ["permanentLockout"];
            failures.FailedLoginNotBefore = long.MaxValue;
            return;
        }
        var rounds = failures.NumFailures / settings.FailureFactor;
        long wait = Math.Min(settings.WaitIncrementSeconds * rounds, settings.MaxFailureWaitSeconds);
        if (wait == 0 && since < settings.QuickLoginCheckMilliSeconds)
            wait = settings.MinimumQuickLoginWaitSeconds;
        if (wait == 0)
            return;
        failures.NumTemporaryLockouts++;
        failures.FailedLoginNotBefore = now.ToUnixTimeSeconds() + wait;
    }
}
