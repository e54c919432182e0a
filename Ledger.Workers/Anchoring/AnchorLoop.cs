using Ledger.Core.Anchoring;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Anchoring;

/// <summary>Makes the anchor jobs that are due, and keeps the open ones in step with policies. It begins by writing down which transparency
/// logs are configured: until then nothing is submitted to a new one.</summary>
internal sealed class AnchorLoop(AnchorScheduler scheduler, AnchorUpkeep upkeep, LogRows rows, TransparencyLogs logs, TimeProvider time,
    ILogger<AnchorLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UpkeepEvery = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock = time;
    private long? keptAt;
    private bool isRegistered;

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        if (keptAt is not { } last || clock.GetElapsedTime(last) >= UpkeepEvery)
        {
            // Once: of two configurations that run at the same time, the one that started last stays.
            if (!isRegistered) await rows.RegisterAsync(logs, cancel);
            isRegistered = true;
            await upkeep.FollowPoliciesAsync(cancel);
            await upkeep.SettleAsync(cancel);
            await upkeep.MeasureAsync(cancel);
            keptAt = clock.GetTimestamp();
        }
        return await scheduler.ScheduleAsync(cancel) >= AnchorScheduler.JobsPerStep ? TimeSpan.Zero : Poll;
    }
}
