namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>Caps of a Vault 1.21 listener with its default settings, as recorded.</summary>
internal static class VaultLimits
{
    public const int BodyBytes = 32 << 20;
    public const int StringBytes = 1 << 20;
    public const int ArrayElements = 10_000;
    public const int ObjectEntries = 10_000;
    public const int Depth = 300;
}
