using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;

namespace Ledger.Core.Telemetry;

/// <summary><c>ledger.circuit.open</c>: which dependencies this process does not even ask at the moment.</summary>
public sealed class CircuitMetrics
{
    private readonly ConcurrentDictionary<string, CircuitBreakerStateProvider> circuits = new(StringComparer.Ordinal);

    public CircuitMetrics(LedgerMeter meter) => meter.Meter.CreateObservableGauge("ledger.circuit.open",
        () => circuits.Select(circuit => new Measurement<int>(circuit.Value.CircuitState == CircuitState.Closed ? 0 : 1,
            new KeyValuePair<string, object?>("dependency", circuit.Key))), "{circuit}",
        "1 while a dependency's circuit breaker is not closed, until a call gets through again; 0 otherwise.");

    /// <summary>The state of a dependency's breaker, for the <c>StateProvider</c> of one pipeline's options.</summary>
    /// <param name="dependency">Such as <c>vault</c>, <c>database</c>, <c>storage</c>, <c>timestamping</c>, <c>rekor ORIGIN</c>.</param>
    public CircuitBreakerStateProvider Of(string dependency) => circuits.GetOrAdd(dependency, _ => new CircuitBreakerStateProvider());
}
