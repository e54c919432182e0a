namespace Ledger.Core.Anchoring;

/// <summary>How many submissions a log is given. A shared public log is not flooded; an own one is without limit.</summary>
/// <param name="PerHour">Refill, over any hour in the long run.</param>
/// <param name="PerTenMinutes">What ten minutes may take at once.</param>
public sealed record SubmissionBudget(int PerHour, int PerTenMinutes)
{
    /// <summary>The bucket as it is before the first submission.</summary>
    public SubmissionBudgetState Full => new(PerTenMinutes, DateTimeOffset.UnixEpoch);

    /// <summary>Takes one submission out of the bucket, or says how long to wait for the next.</summary>
    public (SubmissionBudgetState State, TimeSpan? Wait) Take(SubmissionBudgetState state, DateTimeOffset now) => throw new NotImplementedException();
}

/// <summary>The bucket's content at a time; kept by whoever owns the log's row.</summary>
public readonly record struct SubmissionBudgetState(double Tokens, DateTimeOffset At);
