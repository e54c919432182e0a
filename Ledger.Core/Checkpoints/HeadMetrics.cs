using Ledger.Core.Telemetry;

namespace Ledger.Core.Checkpoints;

/// <summary><c>ledger.heads.halted</c>: how many tenants' logs are halted, each waiting for a person.</summary>
public sealed class HeadMetrics
{
    private long halted;

    public HeadMetrics(LedgerMeter meter) => meter.Meter.CreateObservableGauge("ledger.heads.halted", () => halted, "{log}",
        "Tenants' current logs of which nothing is signed or appended until a person has decided.");

    internal void Show(long count) => halted = count;
}
