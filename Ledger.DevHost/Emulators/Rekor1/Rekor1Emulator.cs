using System.Globalization;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1.Log;

namespace Ledger.DevHost.Emulators.Rekor1;

/// <summary>A Rekor v1 (rekor-server 1.5) as far as a ledger, rekor-cli and cosign see one.</summary>
public sealed class Rekor1Emulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Rekor1Log log;
    private readonly LogKey wrongKey;

    private Rekor1Emulator(WebApplication app, Rekor1Log log, LogKey wrongKey, string origin, FaultSwitch faults)
        => (this.app, this.log, this.wrongKey, Origin, Faults) = (app, log, wrongKey, origin, faults);

    /// <summary>Base address, without a path: REKOR_SERVER_URL.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>The log's ECDSA P-256 public key, PEM; the same after a restart.</summary>
    public string PublicKey => log.Key.Pem;

    /// <summary>Host name in its checkpoints, whose first line is <c>Origin - TreeId</c>.</summary>
    public string Origin { get; }

    /// <summary>Id of the active shard, decimal.</summary>
    public string TreeId => Locked(() => log.Active.TreeId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Entries of all shards.</summary>
    public long Size => Locked(() => log.Size);

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static async Task<Rekor1Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var log = Rekor1Log.Open(options.StateDirectory, options.LogKey);
        var (faults, wrongKey, origin) = (new FaultSwitch(), LogKey.New(), options.Origin ?? "rekor.localhost");
        var stranger = new Stranger(log, options.Time);
        var server = new Rekor1Server(log, fault => new LogVoice(log, origin, wrongKey, stranger.Entry, fault), options.Time);
        var app = await EmulatorHost.StartAsync(options, faults, _ => { }, server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new Rekor1Emulator(app, log, wrongKey, origin, faults);
    }

    /// <summary>Closes the active shard and opens another tree: global indexes go on, indexes in the shard begin again.</summary>
    public void AddShard() => Locked(() =>
    {
        log.AddShard();
        return 0;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        log.Dispose();
        wrongKey.Dispose();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (log.Gate)
            return read();
    }
}
