using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.Timestamping;

namespace Ledger.DevHost.Setup;

/// <summary>
/// The emulators that stand for the outside witnesses: Rekor v1, Rekor v2, and a timestamping authority. Their public halves lie in the
/// state folder, where the programs and people read them: `rekor/log.pub`, `rekor2/log.pub`, `tsa/chain.pem`.
/// </summary>
internal sealed class EmulatedLogs(StateFolder state, Func<string, EmulatorOptions> options) : IAsyncDisposable
{
    private Rekor1Emulator? _rekor;
    private Rekor2Emulator? _rekor2;
    private TimestampingEmulator? _tsa;

    public async Task<IReadOnlyList<LogAccess>> StartLogsAsync(CancellationToken ct)
    {
        _rekor = await Rekor1Emulator.StartAsync(options("rekor"), ct);
        _rekor2 = await Rekor2Emulator.StartAsync(options("rekor2"), ct);
        return
        [
            new LogAccess(_rekor.Address, 1, Publish("rekor", "log.pub", _rekor.PublicKey), _rekor.Origin),
            new LogAccess(_rekor2.Address, 2, Publish("rekor2", "log.pub", _rekor2.PublicKey), _rekor2.Origin),
        ];
    }

    public async Task<TimestampingAccess> StartTimestampingAsync(CancellationToken ct)
    {
        _tsa = await TimestampingEmulator.StartAsync(options("tsa"), ct);
        return new TimestampingAccess(_tsa.Url, Publish("tsa", "chain.pem", _tsa.Certificates));
    }

    public async ValueTask DisposeAsync()
    {
        if (_tsa is not null)
            await _tsa.DisposeAsync();
        if (_rekor2 is not null)
            await _rekor2.DisposeAsync();
        if (_rekor is not null)
            await _rekor.DisposeAsync();
    }

    private string Publish(string folder, string name, string pem)
    {
        var path = Path.Combine(state[folder], name);
        PrivateFile.Write(path, pem);
        return path;
    }
}
