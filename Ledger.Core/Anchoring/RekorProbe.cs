namespace Ledger.Core.Anchoring;

/// <summary>Whether every configured transparency log answers. Many may ask; the logs are asked once in a few seconds, however many.</summary>
public sealed class RekorProbe(TransparencyLogs logs, TimeProvider time)
{
    /// <summary>An answer is good for so long.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>A log that takes longer counts as down: a probe that waits longer than its prober says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
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
            var answers = await Task.WhenAll(logs.All.Select(log => log.AnswersAsync(patience.Token))).WaitAsync(patience.Token);
            return answers.All(answered => answered);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
