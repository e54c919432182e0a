using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Rekor1;

/// <summary>A Rekor v1 (rekor-server 1.5) as far as a ledger, rekor-cli and cosign see one.</summary>
public sealed class Rekor1Emulator : IAsyncDisposable
{
    private Rekor1Emulator(FaultSwitch faults) => Faults = faults;

    /// <summary>Base address, without a path: REKOR_SERVER_URL.</summary>
    public Uri Address => throw new NotImplementedException();

    /// <summary>The log's ECDSA P-256 public key, PEM; the same after a restart.</summary>
    public string PublicKey => throw new NotImplementedException();

    /// <summary>Host name in its checkpoints, whose first line is <c>Origin - TreeId</c>.</summary>
    public string Origin => throw new NotImplementedException();

    /// <summary>Id of the active shard, decimal.</summary>
    public string TreeId => throw new NotImplementedException();

    /// <summary>Entries of all shards.</summary>
    public long Size => throw new NotImplementedException();

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static Task<Rekor1Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <summary>Closes the active shard and opens another tree: global indexes go on, indexes in the shard begin again.</summary>
    public void AddShard() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
