namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>An authorization request that does not come to a login page.</summary>
#pragma warning disable CA1032 // Thrown and caught in this folder alone; it means nothing without its answer.
internal sealed class AuthorizationRefusal(BrowserAnswer answer) : Exception
#pragma warning restore CA1032
{
    /// <summary>An error page, or an error that goes back to the client.</summary>
    public BrowserAnswer Answer { get; } = answer;
}
