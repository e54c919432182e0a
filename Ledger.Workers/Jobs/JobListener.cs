using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;
using Microsoft.Extensions.Options;

namespace Ledger.Workers.Jobs;

/// <summary>Hears of new work at once. It only saves the time to the next poll: without it, or behind a pooler that keeps notifications to
/// itself, everything works.</summary>
internal sealed class JobListener(LedgerDatabase database, JobWakeups wakeups, IOptions<JobOptions> options, TimeProvider time,
    ILogger<JobListener> log) : Loop(time, log)
{
    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        if (options.Value.Listen) await database.ListenAsync(JobQueues.WakeChannel, wakeups.Wake, cancel);
        return Timeout.InfiniteTimeSpan;
    }
}
