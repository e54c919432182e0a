using System.Diagnostics;

namespace Ledger.DevHost.Emulators.Vault.Pace;

/// <summary>
/// Makes sign calls take as long as a real Vault's, in total: what the signature itself took is part of it, waiting in line for one of
/// its cores too. The wait costs this machine next to nothing, so that a benchmark measures the ledger and not the emulator.
/// </summary>
internal sealed class ServiceTime : IDisposable
{
    private readonly Pacer pacer = new();
    private readonly Lock gate = new();
    private long[] freeAt = [];
    private SignCost? cost;

    public SignCost? Cost
    {
        get => cost;
        set
        {
            lock (gate)
            {
                freeAt = new long[Math.Max(1, value?.Servers ?? 1)];
                cost = value;
            }
        }
    }

    /// <summary>Waits until a call that arrived at <paramref name="arrival"/> (a Stopwatch timestamp) may be answered.</summary>
    public Task WaitAsync(long arrival, int signatures)
    {
        long end;
        lock (gate)
        {
            if (cost is null)
                return Task.CompletedTask;
            var seconds = (cost.PerCall + (cost.PerSignature * signatures)).TotalSeconds;
            var server = Array.IndexOf(freeAt, freeAt.Min());
            end = Math.Max(arrival, freeAt[server]) + (long)(seconds * Stopwatch.Frequency);
            freeAt[server] = end;
        }
        return pacer.Until(end);
    }

    public void Dispose() => pacer.Dispose();
}
