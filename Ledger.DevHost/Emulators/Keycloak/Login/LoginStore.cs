namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>Logins and logouts under way and codes handed out, in memory; guarded by <see cref="Realm.Gate"/>.</summary>
internal sealed class LoginStore
{
    private const int Kept = 1000;

    /// <summary>By <c>tab_id</c>.</summary>
    public OrderedDictionary<string, LoginTab> Tabs { get; } = new(StringComparer.Ordinal);

    /// <summary>By their text, spent ones too: a second use is to be recognized.</summary>
    public OrderedDictionary<string, AuthorizationCode> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>Logouts that wait for a yes: <c>session_code</c> to what is asked.</summary>
    public OrderedDictionary<string, LogoutRequest> Logouts { get; } = new(StringComparer.Ordinal);

    /// <summary>The oldest are forgotten: nobody comes back to them.</summary>
    public void Trim()
    {
        while (Tabs.Count > Kept)
            Tabs.RemoveAt(0);
        while (Codes.Count > Kept)
            Codes.RemoveAt(0);
        while (Logouts.Count > Kept)
            Logouts.RemoveAt(0);
    }
}
