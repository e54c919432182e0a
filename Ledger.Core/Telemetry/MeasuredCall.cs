namespace Ledger.Core.Telemetry;

/// <summary>A call under way, to be ended once. Appends make several each: it takes no closure, and where nobody listens it is empty
/// and costs nothing.</summary>
public readonly struct MeasuredCall
{
    private readonly CallMetrics? metrics;
    private readonly long begun;
    private readonly KeyValuePair<string, object?> operation;

    internal MeasuredCall(CallMetrics metrics, long begun, KeyValuePair<string, object?> operation) =>
        (this.metrics, this.begun, this.operation) = (metrics, begun, operation);

    public void Succeeded() => metrics?.End(begun, failed: false, operation);

    /// <summary>It threw; that its caller gave up is no failure.</summary>
    public void Threw(Exception e, CancellationToken cancel) => metrics?.End(begun, CallMetrics.IsFailure(e, cancel), operation);
}
