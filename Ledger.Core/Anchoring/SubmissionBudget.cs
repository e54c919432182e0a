namespace Ledger.Core.Anchoring;

/// <summary>How many submissions a log is given: a token bucket, so that a shared public log is not flooded. It delays, never drops.
/// </summary>
/// <param name="PerHour">What it is refilled with, in the long run.</param>
/// <param name="PerTenMinutes">What no ten minutes may exceed, a burst after an idle day included.</param>
public sealed record SubmissionBudget(int PerHour, int PerTenMinutes)
{
    private static readonly TimeSpan Burst = TimeSpan.FromMinutes(10);

    /// <summary>What public Sigstore logs are given where nothing else is configured.</summary>
    public static SubmissionBudget PublicSigstore { get; } = new(100, 200);

    /// <summary>The bucket before the first submission.</summary>
    public SubmissionBudgetState Full => new(Capacity, DateTimeOffset.UnixEpoch);

    /// <summary>How long after one submission the next may go, in the long run.</summary>
    public TimeSpan Apart => TimeSpan.FromSeconds(1 / PerSecond);

    private double PerSecond => Math.Min(PerHour / 3600.0, PerTenMinutes / Burst.TotalSeconds);

    // Any ten minutes see at most what was in the bucket and what was filled in meanwhile: less than one above the cap, so at most the cap.
    private double Capacity => Math.Max(1, PerTenMinutes + 1 - PerSecond * Burst.TotalSeconds);

    /// <summary>Takes one submission, or says how long until there is one.</summary>
    /// <param name="state">Of the last call, or <see cref="Full"/>.</param>
    /// <param name="now">May lie before the last call: a clock that was set back gives nothing and takes nothing.</param>
    /// <returns>The state to keep, and null where the submission may go.</returns>
    public (SubmissionBudgetState State, TimeSpan? Wait) Take(SubmissionBudgetState state, DateTimeOffset now)
    {
        var tokens = Math.Min(Capacity, state.Tokens + Math.Max(0, (now - state.At).TotalSeconds) * PerSecond);
        if (tokens >= 1) return (new(tokens - 1, now), null);
        // A whole millisecond late rather than a rounding error early.
        return (new(tokens, now), TimeSpan.FromMilliseconds(Math.Floor((1 - tokens) / PerSecond * 1000) + 1));
    }
}

/// <summary>A bucket's content at a time; a value, kept by whoever owns the log's row.</summary>
/// <param name="Tokens">Submissions that may go at once, in fractions.</param>
/// <param name="At">When it was so.</param>
public readonly record struct SubmissionBudgetState(double Tokens, DateTimeOffset At);
