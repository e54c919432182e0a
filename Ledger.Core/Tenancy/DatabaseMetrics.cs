using System.Diagnostics.Metrics;

namespace Ledger.Core.Tenancy;

/// <summary>How the database answers, as metrics. Operations: <c>open</c> (a connection, pooled or new), <c>query</c> (statements until
/// their first result), <c>commit</c>. Kinds of failure: <c>connection</c>, <c>timeout</c>, <c>refused</c>, <c>circuit-open</c>.</summary>
public sealed class DatabaseMetrics
{
    private readonly Histogram<double> duration;
    private readonly Counter<long> failures;

    public DatabaseMetrics(Meter meter)
    {
        duration = meter.CreateHistogram<double>("ledger.database.duration", "s", "What the database took, by operation.");
        failures = meter.CreateCounter<long>("ledger.database.failures", "{operation}",
            "What failed at the database, by operation and kind.");
        meter.CreateObservableGauge("ledger.circuit.open",
            () => new Measurement<int>(IsCircuitOpen() ? 1 : 0, new KeyValuePair<string, object?>("dependency", "database")), "{circuit}",
            "1 while a dependency is not asked because too many were before, in vain.");
    }

    internal Func<bool> IsCircuitOpen { get; set; } = () => false;

    internal void Took(string operation, TimeSpan time) => duration.Record(time.TotalSeconds, Of(operation));

    // Who went away, or a host that stops, is no failure of the database.
    internal void Failed(string operation, Exception fault)
    {
        if (fault is OperationCanceledException) return;
        failures.Add(1, Of(operation), new KeyValuePair<string, object?>("kind", DatabaseFaults.KindOf(fault)));
    }

    private static KeyValuePair<string, object?> Of(string operation) => new("operation", operation);
}
