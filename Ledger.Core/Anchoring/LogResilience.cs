using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Ledger.Core.Anchoring;

/// <summary>How calls to a log or a timestamping authority are bounded: 30 s in all (a v2 log answers when its next checkpoint is out),
/// quick retries of passing faults, a breaker so that an outage is answered at once. A submission may be repeated: the log says 409.
/// </summary>
internal static class LogResilience
{
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(30);

    public static ResiliencePipeline Create(TimeProvider time, CircuitBreakerStateProvider? circuit = null) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = Total })
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>()
                .Handle<LogRefusal>(e => e.Status is 500 or 502 or 504),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A refusal of one request, or pushback (429, 503), says that the log is there; only an absent or broken one opens the circuit.
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>()
                .Handle<OperationCanceledException>().Handle<LogRefusal>(e => e.Status is 500 or 502 or 504),
            StateProvider = circuit,
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .Build();
}
