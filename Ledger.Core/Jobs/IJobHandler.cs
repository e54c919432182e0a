using Ledger.Core.Tenancy;

namespace Ledger.Core.Jobs;

/// <summary>Does the jobs of one queue. Called again with the same row after any failure or crash, possibly while a worker that lost its
/// lease is still at it: every effect must be one that may be repeated.</summary>
public interface IJobHandler
{
    /// <summary>One of <see cref="JobQueues"/>.</summary>
    string Queue { get; }

    /// <summary>Jobs of this queue that one process does at once.</summary>
    int Concurrency { get; }

    /// <summary>Does the job and marks it done, by <see cref="JobQueue.CompleteAsync"/> in the transaction that stores its result.</summary>
    /// <exception cref="JobFailedException">It failed in a way the handler knows: class, pause, whether it counts.</exception>
    Task HandleAsync(Job job, CancellationToken cancel);
}

/// <summary>An attempt failed; the job is tried again, unless it counts and was the last.</summary>
/// <param name="message">For operators; kept on the row.</param>
/// <param name="retryAfter">The least time to wait, where the other side named one.</param>
public sealed class JobFailedException(JobErrorClass? errorClass, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public JobErrorClass? Class { get; } = errorClass;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether it brings the job nearer to its dead letter.</summary>
    public bool Counts => Class != JobErrorClass.Network;
}
