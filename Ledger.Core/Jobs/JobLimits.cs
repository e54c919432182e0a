namespace Ledger.Core.Jobs;

/// <summary>Every cap of the queue in one place.</summary>
public static class JobLimits
{
    /// <summary>Failed attempts that stay on a job's row: the newest.</summary>
    public const int KeptErrors = 20;

    /// <summary>Characters of one failure's text.</summary>
    public const int ErrorCharacters = 500;

    /// <summary>A job that nobody answers for is another's after this long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a job waits between two attempts, unless the other side asks for more.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>The same for what the network did: as long at most does a log that is back stand idle. While it is away, its gate lets one
    /// job at a time try it, so short pauses hammer nobody.</summary>
    public static readonly TimeSpan LongestOutagePause = TimeSpan.FromSeconds(15);

    /// <summary>The longest that the other side can make a job wait.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>What was done this long ago is removed, unless something else reads it.</summary>
    public static readonly TimeSpan KeptDone = TimeSpan.FromDays(7);
}
