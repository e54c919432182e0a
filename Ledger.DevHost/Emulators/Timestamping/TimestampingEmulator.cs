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

    /// <summary>Its certificates, PEM: leaf first, a root last. The same after a restart.</summary>
    public string Certificates => authority.Pem;

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening with an authority of its own, kept in the state folder; returns when requests are answered.</summary>
    public static Task<TimestampingEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(options, Authority.Open(options.StateDirectory, options.Time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Starts listening with somebody's key and certificates.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They do not go together, or not with timestamps.</exception>
    public static Task<TimestampingEmulator> StartAsync(
        EmulatorOptions options, AuthorityOptions timestamping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timestamping);
        return StartAsync(options, Authority.Of(timestamping), cancellationToken);
    }

    private static async Task<TimestampingEmulator> StartAsync(
        EmulatorOptions options, Authority authority, CancellationToken cancellationToken)
    {
        var (stranger, faults) = (Authority.Throwaway(options.Time.GetUtcNow()), new FaultSwitch());
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
