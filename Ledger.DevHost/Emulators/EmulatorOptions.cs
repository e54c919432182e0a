namespace Ledger.DevHost.Emulators;

/// <summary>Where an emulator keeps its keys and where it listens; always on 127.0.0.1, never on another address.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Folder for keys and tokens (made if missing; files 0600). The same folder gives the same keys after a restart.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>TCP port; 0 takes any free one, and the emulator's <c>Address</c> says which.</summary>
    public int Port { get; init; }

    /// <summary>Name of an emulated transparency log, as its checkpoints show it; null: <c>rekor.localhost</c>,
    /// <c>rekor2.localhost</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>Private key of an emulated transparency log, PEM: of Rekor v1 ECDSA P-256, of Rekor v2 Ed25519 (PKCS #8). Null: one of its
    /// own, kept in the state folder.</summary>
    public string? LogKey { get; init; }

    /// <summary>The clock of lifetimes and creation times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
