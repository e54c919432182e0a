namespace Ledger.DevHost.Setup;

/// <summary>A Vault, its root token, and the two tokens the programs get (null with `--emulators-only`).</summary>
internal sealed record VaultAccess(Uri Address, string RootToken, string TransitKey)
{
    public string? EntryToken { get; init; }

    public string? WorkerToken { get; init; }
}
