using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Api.Operations;

/// <summary>Refusals of callers who are known, as the audit trail has them: each told by itself, or only counted with others.</summary>
internal sealed class RefusalMetrics
{
    private readonly Counter<long> told;
    private readonly Counter<long> suppressed;

    public RefusalMetrics(LedgerMeter meter)
    {
        told = meter.Meter.CreateCounter<long>("ledger.audit.refusals", "{refusal}", "Refusals that the audit trail was told of.");
        suppressed = meter.Meter.CreateCounter<long>("ledger.audit.suppressed", "{refusal}",
            "Refusals that came too soon after one of their kind: the trail has their number, with the next one told.");
    }

    public void Count(bool isTold)
    {
        told.Add(isTold ? 1 : 0);
        suppressed.Add(isTold ? 0 : 1);
    }
}
