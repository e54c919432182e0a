namespace Ledger.Core.Anchoring;

/// <summary>Whether every configured transparency log answers, and the timestamping authority where a v2 log needs one. Many may ask; the
/// others are asked once in a few seconds, however many.</summary>
public sealed class RekorProbe(TransparencyLogs logs, TimestampClient timestamps, TimeProvider time)
{
    /// <summary>A timestamp costs its authority a signature: a good one is believed for longer.</summary>
    public static readonly TimeSpan StampFreshness = TimeSpan.FromSeconds(15);

    /// <summary>An answer is good for so long.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>A log that takes longer counts as down: a probe that waits longer than its prober says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // What is stamped means nothing to anybody.
    private static readonly byte[] Probe = "ledger health probe"u8.ToArray();

    private readonly Lock gate = new();
    private long? stamped; // of one asking at a time
    private Task<bool>? last;
    private long begun;

    /// <summary>Without a log nobody waits for one.</summary>
    public bool HasLogs => logs.All.Count > 0;

    /// <summary>False while any log does not answer, and where none is configured.</summary>
    public Task<bool> AnswersAsync(CancellationToken cancel)
    {
        if (!HasLogs) return Task.FromResult(false);
        lock (gate)
        {
            if (last is null || (last.IsCompleted && time.GetElapsedTime(begun) >= Freshness))
            {
                begun = time.GetTimestamp();
                last = AskAsync();
            }
            return last.WaitAsync(cancel);
        }
    }

    private async Task<bool> AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var answers = await Task.WhenAll([.. logs.All.Select(log => log.AnswersAsync(patience.Token)), StampsAsync(patience.Token)])
                .WaitAsync(patience.Token);
            return answers.All(answered => answered);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // A timestamp that verifies and nothing less: whatever stands before an authority that is gone answers too.
    private async Task<bool> StampsAsync(CancellationToken cancel)
    {
        if (logs.All.All(log => log.Version != 2)) return true;
        if (stamped is { } last && time.GetElapsedTime(last) < StampFreshness) return true;
        stamped = null;
        try
        {
            await timestamps.StampAsync(Probe, cancel);
        }
        catch (LogException)
        {
            return false;
        }
        stamped = time.GetTimestamp();
        return true;
    }
}
