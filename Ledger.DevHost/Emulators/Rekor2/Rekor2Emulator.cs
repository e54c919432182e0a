using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Rekor2;

/// <summary>A Rekor v2 (rekor-tiles 2.3) with the file server in front of its tiles, as far as a ledger and cosign see one.</summary>
public sealed class Rekor2Emulator : IAsyncDisposable
{
    private Rekor2Emulator(FaultSwitch faults) => Faults = faults;

    /// <summary>Base address, without a path.</summary>
    public Uri Address => throw new NotImplementedException();

    /// <summary>The log's Ed25519 public key, PEM; the same after a restart.</summary>
    public string PublicKey => throw new NotImplementedException();

    /// <summary>First line of its checkpoints.</summary>
    public string Origin => throw new NotImplementedException();

    /// <summary>Entries so far.</summary>
    public long Size => throw new NotImplementedException();

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static Task<Rekor2Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
