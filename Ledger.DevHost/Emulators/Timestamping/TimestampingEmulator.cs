using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>An RFC 3161 time stamping authority over HTTP.</summary>
public sealed class TimestampingEmulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Authority authority;
    private readonly Authority stranger;

    private TimestampingEmulator(WebApplication app, Authority authority, Authority stranger, FaultSwitch faults)
        => (this.app, this.authority, this.stranger, Faults) = (app, authority, stranger, faults);

    /// <summary>Base address, without a path.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>Where a timestamp query is posted to.</summary>
    public Uri Url => new(Address, "/api/v1/timestamp");

    /// <summary>Its certificates, PEM: leaf first, then the root. The same after a restart.</summary>
    public string Certificates => authority.Pem;

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static async Task<TimestampingEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var now = options.Time.GetUtcNow();
        var (authority, stranger, faults) = (Authority.Open(options.StateDirectory, now), Authority.Throwaway(now), new FaultSwitch());
        var server = new TimestampingServer(authority, stranger, options.Time);
        var app = await EmulatorHost.StartAsync(options, faults, _ => { }, server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new TimestampingEmulator(app, authority, stranger, faults);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        authority.Dispose();
        stranger.Dispose();
    }
}
