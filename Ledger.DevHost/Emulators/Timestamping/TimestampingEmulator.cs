using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>An RFC 3161 time stamping authority over HTTP.</summary>
public sealed class TimestampingEmulator : IAsyncDisposable
{
    private TimestampingEmulator(FaultSwitch faults) => Faults = faults;

    /// <summary>Base address, without a path.</summary>
    public Uri Address => throw new NotImplementedException();

    /// <summary>Where a timestamp query is posted to.</summary>
    public Uri Url => new(Address, "/api/v1/timestamp");

    /// <summary>Its certificates, PEM: leaf first, then the root. The same after a restart.</summary>
    public string Certificates => throw new NotImplementedException();

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static Task<TimestampingEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
