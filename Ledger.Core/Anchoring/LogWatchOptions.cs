using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Anchoring;

/// <summary>Section <c>LogWatch</c>.</summary>
public sealed class LogWatchOptions
{
    public const string Section = "LogWatch";

    /// <summary>Seconds between two looks at a transparency log's heads. Default 60.</summary>
    [Range(1, 86_400)]
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>A log whose head has not grown for so many seconds, while jobs have waited for it as long, is warned of as stale. Default
    /// 600.</summary>
    [Range(1, 604_800)]
    public int StaleSeconds { get; set; } = 600;
}
