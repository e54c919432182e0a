namespace Ledger.Verify.Verification;

/// <summary>One thing that is wrong with a log's files.</summary>
/// <param name="Check">One of <see cref="CheckNames"/>.</param>
/// <param name="Code">What is wrong.</param>
/// <param name="Where">The file, and for lines of a file <c>:line</c> after it.</param>
public sealed record Finding(string Check, FailureCode Code, string Where);

/// <summary>The outcome of one rebuilt log.</summary>
/// <param name="Origin">The origin that the checkpoint claims; null when the checkpoint cannot be read.</param>
/// <param name="Size">Leaves that were rebuilt.</param>
/// <param name="Checks">One per check, in their fixed order.</param>
/// <param name="Findings">What is wrong, at most <see cref="Limits.FsckFindings"/> per check.</param>
/// <param name="Verdict">What they come down to.</param>
/// <param name="Anchored">The largest size whose anchors satisfy the policy, 0 without any; null when no list was asked for.</param>
public sealed record FsckReport(
    string? Origin, long Size, IReadOnlyList<Check> Checks, IReadOnlyList<Finding> Findings, Verdict Verdict, long? Anchored = null)
{
    /// <summary>The check of that name.</summary>
    public Check this[string name] => Checks.First(check => check.Name == name);
}
