using System.Diagnostics;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Jobs;

/// <summary>The span of one attempt at one job: <c>ledger.anchor</c> of those that anchor, else <c>ledger.job</c>. It begins with the
/// claim, which is inside as <c>ledger.claim</c>. A look that claims nothing leaves no span.</summary>
internal static class JobSpans
{
    public static Activity? Start(Job job)
    {
        var isAnchor = job.Queue is JobQueues.CheckpointAnchors or JobQueues.EntryAnchors;
        var span = LedgerSpans.StartRoot(isAnchor ? "ledger.anchor" : "ledger.job", job.Claimed.Begun);
        if (span is null) return null;
        span.SetTag("ledger.queue", job.Queue).SetTag("ledger.tenant", job.Tenant.Value).SetTag("ledger.job", job.Id.ToString())
            .SetTag("ledger.attempt", job.Attempts);
        if (job.TransparencyLog is { } log) span.SetTag("ledger.transparency_log", log);
        using var claim = LedgerSpans.Source.StartActivity("ledger.claim", ActivityKind.Internal, span.Context,
            startTime: job.Claimed.Begun);
        claim?.SetEndTime(job.Claimed.Ended.UtcDateTime);
        return span;
    }

    /// <summary>A job that waits its turn, or is another's, did not fail.</summary>
    public static void End(this Activity? span, Exception? failure)
    {
        if (span is null || failure is null) return;
        span.SetTag("ledger.outcome", failure.GetType().Name);
        if (failure is not (JobPostponedException or JobLeaseLostException or OperationCanceledException))
            span.Fail((failure as JobFailedException)?.Class.SqlName() ?? failure.GetType().Name);
    }
}
