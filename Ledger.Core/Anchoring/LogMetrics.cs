using Ledger.Core.Telemetry;
using Polly.CircuitBreaker;

namespace Ledger.Core.Anchoring;

/// <summary><c>ledger.rekor.duration|failures{log,operation}</c> and <c>ledger.timestamping.duration|failures</c>.</summary>
public sealed class LogMetrics(LedgerMeter meter, CircuitMetrics circuits)
{
    private readonly CallMetrics rekor = new(meter, "ledger.rekor", "Calls to transparency logs");
    private readonly CallMetrics timestamping = new(meter, "ledger.timestamping", "Calls to the timestamping authority");

    internal ServerMetrics OfLog(string origin) => new(
        (call, operation, cancel) => rekor.RunAsync(call, cancel, CallMetrics.Tag("log", origin), CallMetrics.Tag("operation", operation)),
        circuits.Of($"rekor {origin}"));

    internal ServerMetrics OfTimestamping() => new((call, _, cancel) => timestamping.RunAsync(call, cancel), circuits.Of("timestamping"));
}

/// <summary>The metrics of one server.</summary>
/// <param name="RunAsync">Runs a call of this operation, and tells.</param>
/// <param name="Circuit">Of its pipeline.</param>
internal sealed record ServerMetrics(
    Func<Func<Task<LogAnswer>>, string, CancellationToken, Task<LogAnswer>> RunAsync, CircuitBreakerStateProvider Circuit);
