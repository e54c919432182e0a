using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Ledger.Core.Storage;

/// <summary>How calls to the storage are bounded: 10 s in all, quick retries of passing faults, a breaker so that an outage is answered at
/// once.</summary>
public static class StorageResilience
{
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(10);

    /// <summary>One try. A server that lost a disk or a peer may hold a request for longer than anybody waits.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);

    /// <param name="state">Shows whether the breaker is open.</param>
    public static ResiliencePipeline Create(TimeProvider time, CircuitBreakerStateProvider? state = null) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = Total })
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StorageException>(e => e.MayPass),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(100),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A refusal says nothing about the next call. The tries of one call are enough: whoever appends waits for a reading of the
            // mark, and of a storage that hangs few calls would ever come to an end to be counted.
            ShouldHandle = new PredicateBuilder().Handle<StorageException>(e => e.IsOutage),
            FailureRatio = 0.5,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(3),
            StateProvider = state,
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = Attempt })
        .Build();
}
