using Ledger.Core.Jobs;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ledger.Core.People;

/// <summary>How calls to Keycloak are bounded: 10 s each, and a breaker so that an outage is answered at once. Nothing is tried again here:
/// the job is, from the first step on.</summary>
public static class KeycloakResilience
{
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(10);

    public static ResiliencePipeline Create(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A refusal of one request says that Keycloak is there; only an absent or broken one opens the circuit.
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>()
                .Handle<KeycloakException>(e => e.Class == JobErrorClass.Network),
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(2),
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = Total })
        .Build();
}
