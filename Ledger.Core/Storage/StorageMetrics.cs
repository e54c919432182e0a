using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Storage;

/// <summary>How the storage does, as metrics by operation (<c>get</c>, <c>put</c>).</summary>
public sealed class StorageMetrics(LedgerMeter meter)
{
    private readonly Histogram<double> duration = meter.CreateDuration("ledger.storage.duration",
        "Calls to the storage with all their tries, failed ones too, by operation.");

    private readonly Counter<long> failures = meter.Meter.CreateCounter<long>("ledger.storage.failures", "{call}",
        "Calls that failed after all their tries, by operation.");

    internal void Took(string operation, TimeSpan time) => duration.Record(time.TotalSeconds, Operation(operation));

    internal void Failed(string operation) => failures.Add(1, Operation(operation));

    private static KeyValuePair<string, object?> Operation(string name) => new("operation", name);
}
