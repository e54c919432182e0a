namespace Ledger.Core.Jobs;

/// <summary>An attempt failed; the job is tried again, unless it counts and was the last.</summary>
/// <param name="errorClass">Null: a fault of our own, which counts.</param>
/// <param name="message">For operators; kept on the row.</param>
/// <param name="retryAfter">The least time to wait, where the other side named one.</param>
/// <param name="inner">What it was.</param>
public sealed class JobFailedException(JobErrorClass? errorClass, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public JobErrorClass? Class { get; } = errorClass;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether it brings the job nearer to its dead letter.</summary>
    public bool Counts => Class != JobErrorClass.Network;
}

/// <summary>Nothing was attempted and nothing failed: the job's turn is later.</summary>
/// <param name="wait">How much later.</param>
/// <param name="reason">For operators: kept on the row, and a log line when it is another than before.</param>
public sealed class JobPostponedException(TimeSpan wait, string reason) : Exception(reason)
{
    public TimeSpan Wait { get; } = wait;
}

/// <summary>The lease lapsed and the job is another worker's: what this one did is rolled back.</summary>
public sealed class JobLeaseLostException() : Exception("The job's lease is another's.");
