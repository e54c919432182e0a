namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>A realm file that a Keycloak would not start with.</summary>
public sealed class RealmImportException : Exception
{
    /// <summary>Never used; exceptions have it.</summary>
    public RealmImportException()
    {
    }

    /// <param name="message">As the real server logs it.</param>
    public RealmImportException(string message)
        : base(message)
    {
    }

    /// <param name="message">As the real server logs it.</param>
    /// <param name="innerException">What it was found by.</param>
    public RealmImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
