namespace Ledger.Core.Jobs;

/// <summary>Does the jobs of one queue, or of one transparency log in it. Called again with the same row after any failure or crash,
/// possibly while a worker that lost its lease is still at it: every effect must be one that may be repeated.</summary>
public interface IJobHandler
{
    /// <summary>One of <see cref="JobQueues"/>.</summary>
    string Queue { get; }

    /// <summary>Whose jobs of the queue these are: 64 hex digits of a log's id; null where jobs have none.</summary>
    string? TransparencyLog { get; }

    /// <summary>Jobs that one process does at once.</summary>
    int Concurrency { get; }

    /// <summary>How many jobs may be begun now, 0 for none; asked before each claim.</summary>
    ValueTask<int> RoomAsync(CancellationToken cancel);

    /// <summary>Does the job and marks it done, by <see cref="JobQueue.CompleteAsync"/> in the transaction that stores its
    /// result.</summary>
    /// <exception cref="JobFailedException">It failed in a way the handler knows: class, pause, whether it counts.</exception>
    /// <exception cref="JobPostponedException">Not now.</exception>
    /// <exception cref="JobLeaseLostException">It is another's.</exception>
    Task HandleAsync(Job job, CancellationToken cancel);
}
