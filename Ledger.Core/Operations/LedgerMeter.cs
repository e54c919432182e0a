using System.Diagnostics.Metrics;

namespace Ledger.Core.Operations;

/// <summary>The meter that all of this ledger's own metrics are of.</summary>
public sealed class LedgerMeter : IDisposable
{
    /// <summary>What collectors subscribe to.</summary>
    public const string Name = "Ledger";

    public Meter Meter { get; } = new(Name);

    public void Dispose() => Meter.Dispose();
}
