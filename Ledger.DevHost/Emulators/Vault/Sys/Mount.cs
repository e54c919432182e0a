namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary>A secrets engine at a path (with its last slash).</summary>
internal sealed record Mount
{
    public required string Path { get; init; }
    public required string Type { get; init; }
    public required string Accessor { get; init; }
    public required string Uuid { get; init; }
    public string Description { get; init; } = "";
    public long DefaultLeaseTtl { get; init; }
    public long MaxLeaseTtl { get; init; }

    /// <summary>Part of the server itself: neither mounted nor unmounted by anybody.</summary>
    public bool BuiltIn { get; init; }
}
