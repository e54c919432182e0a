using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Anchoring;

/// <summary>Which transparency logs are quarantined, as a metric to alert on.</summary>
public sealed class LogWatchMetrics
{
    private readonly ConcurrentDictionary<string, int> quarantined = new();

    public LogWatchMetrics(LedgerMeter meter) => meter.Meter.CreateObservableGauge("ledger.log.quarantined",
        () => quarantined.Select(q => new Measurement<int>(q.Value, new KeyValuePair<string, object?>("log", q.Key))), "{log}",
        "1 while a transparency log is quarantined and nothing is anchored there, 0 while it is watched.");

    internal void Show(ITransparencyLog log, bool isQuarantined) => quarantined[log.Trusted.Origin] = isQuarantined ? 1 : 0;
}
