using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Verification;

/// <summary>What came of sweeping one transparency log.</summary>
/// <param name="Log">The log; null when it is none that anyone trusts, and nothing was looked for.</param>
/// <param name="Hints">The keys that were looked for.</param>
/// <param name="Found">The entries that it holds under the keys.</param>
/// <param name="Failures">Why that may not be everything.</param>
/// <param name="Completeness">How everything was looked for, in words.</param>
internal sealed record LogSweep(
    TrustedLog? Log, IReadOnlySet<string> Hints, IReadOnlyList<FoundEntry> Found,
    IReadOnlyList<(string Where, FailureCode Code)> Failures, string Completeness)
{
    /// <summary>The log of the trusted root that has signed the note, or null.</summary>
    public static TrustedLog? LogOf(string note, TrustedRoot? root, out LogCheckpoint? checkpoint)
    {
        foreach (var log in root?.Logs ?? [])
        {
            if (LogCheckpoint.Verify(note, log, out checkpoint) is null) return log;
        }

        checkpoint = null;
        return null;
    }

    /// <summary>Nothing was looked for: this is no log that anyone trusts.</summary>
    public static LogSweep OfUnknownLog(string address) =>
        new(null, new HashSet<string>(), [], [(address, FailureCode.LogUnknown)], $"not checked, {address} is no trusted log");

    /// <summary>What Rekor v1's search named; an entry of the list that it did not name shows that it names not everything.</summary>
    /// <param name="log">The log.</param>
    /// <param name="hints">The keys that were looked for.</param>
    /// <param name="found">What it named, before the list was read.</param>
    /// <param name="failures">What was wrong with the answers.</param>
    /// <param name="unseen">Where in the list the entries are that it did not name, asked again after the list either.</param>
    public static LogSweep OfSearch(
        TrustedLog log, IReadOnlySet<string> hints, IReadOnlyList<FoundEntry> found,
        IEnumerable<(string Where, FailureCode Code)> failures, IEnumerable<string> unseen) => new(
        log,
        hints,
        found,
        [.. failures, .. unseen.Select(where => (where, FailureCode.SweepIncomplete))],
        $"searched {log.Origin}, {found.Count} entries under the keys");
}
