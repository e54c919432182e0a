using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Ledger.Core.Signing;

/// <summary>How calls to Vault are bounded: 10 s in all, quick retries of passing faults,
/// a breaker so that an outage is answered at once.</summary>
public static class VaultResilience
{
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(10);

    public static ResiliencePipeline Create(TimeProvider time, CircuitBreakerStateProvider? circuit = null) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = Total })
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>()
                .Handle<VaultException>(e => e.Status is 429 or 500 or 502 or 504),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(100),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A refusal of one request (400, 403) says nothing about the next; only an absent or broken Vault opens the circuit.
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>()
                .Handle<OperationCanceledException>().Handle<VaultException>(e => e.Status >= 500),
            StateProvider = circuit,
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
        })
        .Build();
}
