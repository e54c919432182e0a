using Ledger.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Ledger.Core.Tenancy;

/// <summary>How connections to the database are bounded: one more try of what failed to connect, and a breaker so that an outage is
/// answered at once. One for all pools of a process: they lead to one database. Statements are not tried again here: decision 0034.
/// </summary>
public sealed class DatabaseResilience
{
    /// <summary>How long nobody asks a database that was away.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(2);

    private readonly ResiliencePipeline opening;
    private readonly DatabaseMetrics? metrics;

    public DatabaseResilience(TimeProvider time, DatabaseMetrics? metrics = null, CircuitMetrics? circuits = null,
        ILogger<DatabaseResilience>? log = null)
    {
        this.metrics = metrics;
        Time = time;
        opening = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // At once: worth another try is a pooler or a proxy that restarts. Who waited 15 seconds in vain does not wait twice.
                ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(DatabaseFaults.IsLostConnection),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(DatabaseFaults.IsAbsent),
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30), // longer than a connection that is never made takes to fail
                BreakDuration = Break,
                StateProvider = circuits?.Of("database"),
                OnOpened = opened =>
                {
                    log?.LogError("database unavailable: {Reason}; asked again after {Break}", opened.Outcome.Exception?.Message, Break);
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    log?.LogInformation("database available again");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    internal TimeProvider Time { get; }

    /// <exception cref="DatabaseAwayException">The circuit is open.</exception>
    internal async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source)
    {
        try
        {
            return await opening.ExecuteAsync(static (from, c) => from.OpenConnectionAsync(c), source, CancellationToken.None);
        }
        catch (BrokenCircuitException e)
        {
            throw new DatabaseAwayException(e.RetryAfter, e);
        }
    }

    /// <summary>Begins an operation whose time is kept, and whether it failed.</summary>
    internal MeasuredCall Start(string operation) => metrics?.Start(operation) ?? default;
}
