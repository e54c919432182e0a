using System.Diagnostics.Metrics;

namespace Ledger.Core.Telemetry;

/// <summary>The meter that all of this ledger's own metrics are of. docs/telemetry.md lists them.</summary>
public sealed class LedgerMeter : IDisposable
{
    /// <summary>What collectors subscribe to.</summary>
    public const string Name = "Ledger";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
    };

    public Meter Meter { get; } = new(Name);

    /// <summary>Durations in seconds, in buckets from a millisecond to the longest that any call of ours may take.</summary>
    public Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, advice: Seconds);

    public void Dispose() => Meter.Dispose();
}
