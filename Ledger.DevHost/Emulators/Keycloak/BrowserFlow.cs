namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>What the login page asks for.</summary>
/// <param name="Levels">Levels of authentication, the lowest first; none: password, and a one-time code as <paramref name="Otp"/>
/// says.</param>
/// <param name="Otp">Whether a one-time code is asked for where there are no levels.</param>
internal sealed record BrowserFlow(IReadOnlyList<LoginLevel> Levels, OtpUse Otp)
{
    /// <summary>Keycloak's own: a one-time code of those who have a device for it.</summary>
    public static BrowserFlow Default { get; } = new([], OtpUse.IfConfigured);
}

/// <summary>A level of authentication (conditional-level-of-authentication).</summary>
/// <param name="Level"><c>loa-condition-level</c>.</param>
/// <param name="MaxAge"><c>loa-max-age</c>: seconds that having reached it counts; 0: only for the login it is reached in.</param>
/// <param name="Password">Asks for name and password.</param>
/// <param name="Otp">Asks for a one-time code.</param>
internal sealed record LoginLevel(int Level, int MaxAge, bool Password, bool Otp);

/// <summary>Whether a one-time code is asked for.</summary>
internal enum OtpUse
{
    Never,
    IfConfigured,
    Always,
}
