namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Settings of a realm under their names in the realm file, with Keycloak's defaults; lifespans in seconds.</summary>
internal sealed class RealmSettings
{
    public string? DisplayName { get; set; }
    public bool Enabled { get; set; } = true;
    public bool LoginWithEmailAllowed { get; set; } = true;
    public bool DuplicateEmailsAllowed { get; set; }
    public bool EditUsernameAllowed { get; set; }
    public bool RegistrationAllowed { get; set; }
    public bool ResetPasswordAllowed { get; set; }
    public bool VerifyEmail { get; set; }

    public int AccessTokenLifespan { get; set; } = 300;
    public int SsoSessionIdleTimeout { get; set; } = 1800;
    public int SsoSessionMaxLifespan { get; set; } = 36000;
    public int OfflineSessionIdleTimeout { get; set; } = 2592000;
    public int AccessCodeLifespan { get; set; } = 60;
    public int AccessCodeLifespanLogin { get; set; } = 1800;
    public bool RevokeRefreshToken { get; set; }
    public int RefreshTokenMaxReuse { get; set; }

    public bool BruteForceProtected { get; set; }
    public bool PermanentLockout { get; set; }
    public int FailureFactor { get; set; } = 30;
    public int WaitIncrementSeconds { get; set; } = 60;
    public int MaxFailureWaitSeconds { get; set; } = 900;
    public int MinimumQuickLoginWaitSeconds { get; set; } = 60;
    public int QuickLoginCheckMilliSeconds { get; set; } = 1000;
    public int MaxDeltaTimeSeconds { get; set; } = 43200;

    /// <summary>Seconds since 1970; tokens issued before are void. 0: none.</summary>
    public long NotBefore { get; set; }

    /// <summary>E.g. <c>acr.loa.map</c>: a JSON object in a string, names of levels to numbers in strings.</summary>
    public Dictionary<string, string> Attributes { get; set; } = new(StringComparer.Ordinal);
}
