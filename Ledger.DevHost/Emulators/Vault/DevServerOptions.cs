namespace Ledger.DevHost.Emulators.Vault;

/// <summary>What a dev server is told at its start.</summary>
public sealed record DevServerOptions
{
    /// <summary>Id of the root token, as <c>-dev-root-token-id</c> gives it; null: one of its own, kept in the state folder.</summary>
    public string? RootToken { get; init; }
}
