using Ledger.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Anchoring;

/// <summary>One process's way to one transparency log. While the log is away or refuses, one job at a time tries it, after a growing pause;
/// when it is back, those that waited for it go at once.</summary>
public sealed class LogGate(ITransparencyLog log, LogRows rows, JobUpkeep upkeep, JobBackoff backoff, TimeProvider time,
    ILogger<LogGate> logger)
{
    private readonly Lock guard = new();
    private int failures;              // guard; without a success between
    private DateTimeOffset closedUntil; // guard

    public ITransparencyLog Log => log;

    /// <summary>How many jobs may be begun now, 0 for none.</summary>
    /// <param name="most">In the best case.</param>
    /// <param name="reserve">The share of the budget that is left for others, 0 to 1.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async ValueTask<int> RoomAsync(int most, double reserve, CancellationToken cancel)
    {
        lock (guard)
        {
            if (time.GetUtcNow() < closedUntil) return 0;
            if (failures > 0) most = Math.Min(most, 1);
        }
        if (!await rows.IsOpenAsync(log, cancel)) return 0;
        return await rows.TakeAsync(log, reserve, take: false, cancel) is null ? most : 0;
    }

    /// <summary>Call it before every submission.</summary>
    /// <exception cref="JobPostponedException">The budget is used up: the job's turn is later.</exception>
    public async Task TakeAsync(double reserve, CancellationToken cancel)
    {
        if (await rows.TakeAsync(log, reserve, take: true, cancel) is { } wait)
            throw new JobPostponedException(wait, $"the submission budget of {log.Url} is used up");
    }

    /// <summary>Call it after every submission that was stored.</summary>
    public async Task SucceededAsync(CancellationToken cancel)
    {
        bool isBack;
        lock (guard) (isBack, failures, closedUntil) = (failures > 0, 0, default);
        await rows.SucceededAsync(log, cancel);
        if (!isBack) return;
        var hastened = await upkeep.HastenAsync(JobQueues.CheckpointAnchors, log.Trusted.LogId.ToHex(), cancel);
        logger.LogInformation("transparency log is back: {Url}: {Count} checkpoints that waited for it go now", log.Url, hastened);
    }

    /// <summary>Whether the log shows a head that verifies: a refusal by one that does is its own, any other may be a proxy's.</summary>
    public async Task<bool> AnswersProperlyAsync(CancellationToken cancel)
    {
        try
        {
            await log.LatestAsync(cancel);
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }

    /// <summary>Call it after every one that was not.</summary>
    public async Task FailedAsync(LogException failure, CancellationToken cancel)
    {
        if (failure.Class != LogFailureClass.Log)
        {
            lock (guard)
            {
                failures++;
                closedUntil = time.GetUtcNow() + backoff.Next(failures, failure.RetryAfter, JobLimits.LongestOutagePause);
            }
        }
        await rows.FailedAsync(log, failure.Class.ToJob(), JobErrors.TextOf(failure.Message), cancel);
    }
}

internal static class LogFailureClasses
{
    public static JobErrorClass ToJob(this LogFailureClass failure) => failure switch
    {
        LogFailureClass.Config => JobErrorClass.Config,
        LogFailureClass.Network => JobErrorClass.Network,
        _ => JobErrorClass.Log,
    };
}
