using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Jobs;

/// <summary>The queue as metrics: what the last look at it found. Every worker shows the same numbers.</summary>
public sealed class JobGauges
{
    private readonly JobUpkeep upkeep;
    private IReadOnlyList<JobCount> counts = [];

    public JobGauges(LedgerMeter meter, JobUpkeep upkeep)
    {
        this.upkeep = upkeep;
        meter.Meter.CreateObservableGauge("ledger.jobs.depth", () => Show(c => c.Status is "pending" or "running"), "{job}",
            "Jobs that are to be done or under way, by queue.");
        meter.Meter.CreateObservableGauge("ledger.jobs.dead", () => Show(c => c.Status == "dead_letter"), "{job}",
            "Jobs that gave up and wait for a person, by queue.");
    }

    public async Task RefreshAsync(CancellationToken cancel) => counts = await upkeep.CountAsync(cancel);

    // An empty queue is a zero, not a gap.
    private IEnumerable<Measurement<long>> Show(Func<JobCount, bool> which) => JobQueues.All.Union(counts.Select(c => c.Queue))
        .Select(queue => new Measurement<long>(counts.Where(c => c.Queue == queue && which(c)).Sum(c => c.Count),
            new KeyValuePair<string, object?>("queue", queue)));
}
