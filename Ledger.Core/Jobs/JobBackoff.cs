using Ledger.Core.Tenancy;

namespace Ledger.Core.Jobs;

/// <summary>How long a job waits after a failure: one second, doubled by each attempt up to a cap, then spread, so that jobs that failed
/// together do not come back together.</summary>
public sealed class JobBackoff(RandomSource random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private const int DoublingsToTheCap = 6;

    /// <param name="attempts">Attempts so far, at least 1.</param>
    /// <param name="retryAfter">What the other side asked for; never undercut, up to <see cref="JobLimits.LongestRetryAfter"/>.</param>
    /// <param name="longest">Where no answer asks for more; <see cref="JobLimits.LongestPause"/> unless said.</param>
    public TimeSpan Next(int attempts, TimeSpan? retryAfter = null, TimeSpan? longest = null)
    {
        var whole = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, DoublingsToTheCap));
        var cap = longest ?? JobLimits.LongestPause;
        if (whole > cap) whole = cap;
        var pause = whole / 2 + whole / 2 * random.Next();
        if (retryAfter is not { } asked || asked <= pause) return pause;
        return asked >= JobLimits.LongestRetryAfter ? JobLimits.LongestRetryAfter : asked + pause / 2;
    }

    /// <summary>What the other side asked for, as far as it is granted; null where it asked for nothing.</summary>
    internal static TimeSpan? Asked(TimeSpan? retryAfter) =>
        retryAfter > JobLimits.LongestRetryAfter ? JobLimits.LongestRetryAfter : retryAfter;
}
