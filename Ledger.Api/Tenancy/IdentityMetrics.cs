using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Api.Tenancy;

/// <summary>What this process has of its issuers, as metrics. An issuer shows from when its keys were first asked for.</summary>
internal sealed class IdentityMetrics
{
    private readonly ConcurrentDictionary<string, Func<IssuerState?>> issuers = new(StringComparer.Ordinal);

    public IdentityMetrics(LedgerMeter meter)
    {
        meter.Meter.CreateObservableGauge("ledger.identity.keys.age", () => Show(state => state.Age.TotalSeconds), "s",
            "Since an issuer's keys in use were read; of one that never answered, since it was first asked.");
        meter.Meter.CreateObservableGauge("ledger.identity.issuer.away", () => Show(state => state.IsAway ? 1 : 0), "{issuer}",
            "1 while an issuer could not be asked for its keys when it was last tried, 0 otherwise.");
    }

    /// <param name="issuer">Its short name.</param>
    /// <param name="state">Null while it was not asked for.</param>
    public void Watch(string issuer, Func<IssuerState?> state) => issuers[issuer] = state;

    private IEnumerable<Measurement<double>> Show(Func<IssuerState, double> what)
    {
        foreach (var (issuer, state) in issuers)
        {
            if (state() is { } known)
                yield return new Measurement<double>(what(known), new KeyValuePair<string, object?>("issuer", issuer));
        }
    }
}

internal readonly record struct IssuerState(TimeSpan Age, bool IsAway);
