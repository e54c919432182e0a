using System.Diagnostics.Metrics;
using Ledger.Core.Jobs;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Anchoring;

/// <summary>How anchoring goes, as metrics.</summary>
public sealed class AnchorMetrics
{
    private readonly Counter<long> success;
    private readonly Counter<long> failures;
    private double? pendingAge;

    public AnchorMetrics(LedgerMeter meter)
    {
        success = meter.Meter.CreateCounter<long>("ledger.anchor.success", "{anchor}", "Anchors stored, by log and kind.");
        failures = meter.Meter.CreateCounter<long>("ledger.anchor.failures", "{attempt}", "Failed attempts, by log, kind and class.");
        meter.Meter.CreateObservableGauge("ledger.anchor.pending.age",
            () => pendingAge is { } age ? [new Measurement<double>(age)] : Array.Empty<Measurement<double>>(), "s",
            "Age of the oldest checkpoint that the primary log does not cover yet, of tenants whose policy is not off; 0 where none is.");
    }

    // Failures are noughts until there are any: from the first anchor on, their series are there to be watched.
    public void Succeeded(ITransparencyLog log, AnchorKind kind)
    {
        success.Add(1, Tag("log", log.Trusted.Origin), Tag("kind", kind.SqlName()));
        foreach (var none in Enum.GetValues<JobErrorClass>()) Count(log, kind, ((JobErrorClass?)none).SqlName()!, 0);
    }

    public void Failed(ITransparencyLog log, AnchorKind kind, string errorClass) => Count(log, kind, errorClass, 1);

    private void Count(ITransparencyLog log, AnchorKind kind, string errorClass, long count) =>
        failures.Add(count, Tag("log", log.Trusted.Origin), Tag("kind", kind.SqlName()), Tag("class", errorClass));

    internal void ShowPendingAge(TimeSpan age) => pendingAge = age.TotalSeconds;

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
