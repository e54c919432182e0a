using Ledger.Core.Jobs;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Jobs;

/// <summary>Frees the jobs of dead workers, removes what was done long ago, and counts what is left.</summary>
internal sealed class JobUpkeepLoop(JobUpkeep upkeep, JobGauges gauges, TimeProvider time, ILogger<JobUpkeepLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var rescued = await upkeep.RescueAsync(cancel);
        if (rescued > 0) log.LogWarning("{Count} jobs whose worker was gone are due again", rescued);
        var cleaned = await upkeep.CleanAsync(cancel);
        await gauges.RefreshAsync(cancel);
        return rescued == JobUpkeep.JobsPerStep || cleaned == JobUpkeep.JobsPerStep ? TimeSpan.Zero : Pause;
    }
}
