namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Failed logins of a user, as <c>attack-detection/brute-force/users/:id</c> shows them.</summary>
internal sealed class LoginFailures
{
    public int NumFailures { get; set; }

    public int NumTemporaryLockouts { get; set; }

    /// <summary>Seconds since 1970 until which even the right password is refused; 0: not locked.</summary>
    public long FailedLoginNotBefore { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long LastFailure { get; set; }

    public string LastIpFailure { get; set; } = "127.0.0.1";
}
