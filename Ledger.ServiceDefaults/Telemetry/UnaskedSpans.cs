using System.Diagnostics;
using OpenTelemetry;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Keeps out what nobody asked for: statements and calls that are part of nothing (the workers look for work several times a
/// second, and what they find has a span of its own), and whatever is part of a span that is not kept.</summary>
/// <remarks>A processor, not a sampler: OTEL_TRACES_SAMPLER stays whose it is.</remarks>
internal sealed class UnaskedSpans : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        var isOrphan = data.Kind == ActivityKind.Client && data.ParentSpanId == default;
        if (isOrphan || data.Parent is { Recorded: false }) Drop(data);
    }

    /// <summary>Leaves a span, and all that is part of it, unexported.</summary>
    public static void Drop(Activity span)
    {
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.IsAllDataRequested = false;
    }
}
