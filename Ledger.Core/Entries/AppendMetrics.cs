using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ledger.Core.Problems;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Entries;

/// <summary>How appends go, as metrics. No tenant is among their labels: there may be any number of those.</summary>
public sealed class AppendMetrics
{
    private readonly Counter<long> entries;
    private readonly Histogram<double> duration;
    private readonly Histogram<long> groupSize;

    public AppendMetrics(LedgerMeter meter)
    {
        entries = meter.Meter.CreateCounter<long>("ledger.append.entries", "{entry}", "Entries stored, in any log.");
        duration = meter.CreateDuration("ledger.append.duration",
            "Appends, single or batch, from the checked request to the durable entries, by outcome.");
        groupSize = meter.Meter.CreateHistogram("ledger.group_commit.size", "{entry}", "Entries in one group commit.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] });
    }

    internal void Committed(IReadOnlyList<CommitOutcome> outcomes)
    {
        if (!entries.Enabled && !groupSize.Enabled) return;
        var stored = 0;
        foreach (var outcome in outcomes)
        {
            if (outcome.Status == CommitStatus.Stored) stored += outcome.Entries.Count;
        }
        if (stored == 0) return;
        entries.Add(stored);
        groupSize.Record(stored);
    }

    /// <param name="outcome"><c>stored</c>, <c>repeated</c>, a problem's slug, <c>cancelled</c> or <c>error</c>.</param>
    internal void Ended(long begun, string outcome)
    {
        if (duration.Enabled)
            duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
    }

    internal static string OutcomeOf(Exception failure) => failure switch
    {
        LedgerProblemException problem => problem.Problem.Type.Slug,
        OperationCanceledException => "cancelled",
        _ => "error",
    };
}
