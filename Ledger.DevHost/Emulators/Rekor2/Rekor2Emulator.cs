using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor2.Log;

namespace Ledger.DevHost.Emulators.Rekor2;

/// <summary>A Rekor v2 (rekor-tiles 2.3) with the file server in front of its tiles, as far as a ledger and cosign see one.</summary>
public sealed class Rekor2Emulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Rekor2Log log;
    private readonly LogKey wrongKey;

    private Rekor2Emulator(WebApplication app, Rekor2Log log, LogKey wrongKey, string origin, FaultSwitch faults)
        => (this.app, this.log, this.wrongKey, Origin, Faults) = (app, log, wrongKey, origin, faults);

    /// <summary>Base address, without a path.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>The log's Ed25519 public key, PEM; the same after a restart.</summary>
    public string PublicKey => log.Key.Pem;

    /// <summary>First line of its checkpoints.</summary>
    public string Origin { get; }

    /// <summary>Entries so far.</summary>
    public long Size
    {
        get
        {
            lock (log.Gate)
                return log.Size;
        }
    }

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static async Task<Rekor2Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var origin = options.Origin ?? "rekor2.localhost";
        var log = Rekor2Log.Open(options.StateDirectory, origin, options.LogKey, options.Time);
        var (faults, wrongKey, stranger) = (new FaultSwitch(), new LogKey(LogKey.NewSeed(), origin), new Stranger(log));
        var server = new Rekor2Server(log, mode => new LogVoice(log, wrongKey, stranger.Entry, mode), options.Time);
        var app = await EmulatorHost.StartAsync(options, faults, _ => { }, server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new Rekor2Emulator(app, log, wrongKey, origin, faults);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        log.Dispose();
        wrongKey.Dispose();
    }
}
