using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ledger.Core.Telemetry;

/// <summary>The two metrics of one dependency: <c>NAME.duration</c> of every call, however it ended, and <c>NAME.failures</c>. A call is
/// what its caller waited for: with retries, and where the circuit is open next to nothing.</summary>
/// <remarks>One per name and meter: whoever makes another shows its failures beside, not instead.</remarks>
public sealed class CallMetrics
{
    private readonly Histogram<double> duration;
    private readonly Counter<long> failures;

    /// <param name="name">Such as <c>ledger.storage</c>.</param>
    /// <param name="what">Such as <c>Calls to the object store</c>.</param>
    public CallMetrics(LedgerMeter meter, string name, string what)
    {
        duration = meter.CreateDuration($"{name}.duration", $"{what}: how long each took, retries included.");
        failures = meter.Meter.CreateCounter<long>($"{name}.failures", "{call}", $"{what} that failed in the end.");
    }

    /// <summary>Begins a call. Where nobody listens this costs a clock reading.</summary>
    public static long Begin() => Stopwatch.GetTimestamp();

    /// <summary>Begins a call where closures are too dear; see <see cref="MeasuredCall"/>.</summary>
    public MeasuredCall Start(string operation) =>
        duration.Enabled || failures.Enabled ? new MeasuredCall(this, Begin(), Tag("operation", operation)) : default;

    /// <summary>Ends a call that was begun at <paramref name="begun"/>.</summary>
    /// <param name="tags">Of a bounded set of values: no tenant, no subject, no id.</param>
    public void End(long begun, bool failed, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (duration.Enabled) duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, tags);
        failures.Add(failed ? 1 : 0, tags); // from the first call on the series is there to be watched
    }

    /// <summary>Tells of a failure that is not a call's own.</summary>
    public void Fail(params ReadOnlySpan<KeyValuePair<string, object?>> tags) => failures.Add(1, tags);

    /// <summary>Runs a call and tells how it ended: whatever it throws is a failure, but that its caller gave up.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancel, params KeyValuePair<string, object?>[] tags) =>
        duration.Enabled || failures.Enabled ? MeasureAsync(call, tags, cancel) : call();

    private async Task<T> MeasureAsync<T>(Func<Task<T>> call, KeyValuePair<string, object?>[] tags, CancellationToken cancel)
    {
        var begun = Begin();
        try
        {
            var result = await call();
            End(begun, failed: false, tags);
            return result;
        }
        catch (Exception e)
        {
            End(begun, IsFailure(e, cancel), tags);
            throw;
        }
    }

    internal static bool IsFailure(Exception e, CancellationToken cancel) =>
        !(e is OperationCanceledException && cancel.IsCancellationRequested);

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
