using Ledger.Core.Jobs;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Jobs;

/// <summary>Frees the jobs of dead workers, removes what was done long ago, and counts what is left.</summary>
internal sealed class JobUpkeepLoop(JobUpkeep upkeep, JobGauges gauges, TimeProvider time, ILogger<JobUpkeepLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // Of a backlog that takes long to count, a count is good for longer: it never takes more than a hundredth of this loop's time.
    private const int CountShare = 100;

    private readonly TimeProvider clock = time;
    private long? countedAt;
    private TimeSpan countTook;

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var rescued = await upkeep.RescueAsync(cancel);
        if (rescued > 0) log.LogWarning("{Count} jobs whose worker was gone are due again", rescued);
        var cleaned = await upkeep.CleanAsync(cancel);
        await RefreshAsync(cancel);
        return rescued == JobUpkeep.JobsPerStep || cleaned == JobUpkeep.JobsPerStep ? TimeSpan.Zero : Pause;
    }

    private async Task RefreshAsync(CancellationToken cancel)
    {
        if (countedAt is { } last && clock.GetElapsedTime(last) < countTook * CountShare) return;
        var begun = clock.GetTimestamp();
        await gauges.RefreshAsync(cancel);
        (countedAt, countTook) = (clock.GetTimestamp(), clock.GetElapsedTime(begun));
    }
}
