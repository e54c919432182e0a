namespace Ledger.Verify.Verification;

/// <summary>
/// The question that no bundle answers: is this the only tree? Every anchored body is recomputed from the log's own tiles, and everything
/// that the transparency logs hold under the tenant's anchor keys must be one of those bodies. A log that was rewritten and anchored again
/// leaves its old anchors behind, where nobody can take them out.
/// </summary>
internal static class AnchorSweep
{
    /// <summary>The hints of all keys that may sign anchors of these logs: what to look for in transparency logs.</summary>
    public static IReadOnlySet<string> Hints(IEnumerable<TrustLog> logs) =>
        logs.SelectMany(log => new AnchorKeys(log.AnchorKeys, []).Hints).ToHashSet();

    /// <summary>Judges the lists, then what was found beside them; one report per epoch.</summary>
    /// <param name="sources">The epochs.</param>
    /// <param name="swept">One for each transparency log that was looked through; null when none was asked for.</param>
    /// <param name="trust">What is believed.</param>
    /// <exception cref="IOException">A source cannot be read; an absent file is a finding instead.</exception>
    public static IReadOnlyList<FsckReport> Run(IReadOnlyList<SweepSource> sources, IReadOnlyList<LogSweep>? swept, TrustFile trust)
    {
        var runs = sources.Select(source => new SweepRun(source, trust)).ToArray();
        foreach (var run in runs) run.Run();
        if (swept is not null) Compare(runs, swept);
        return [.. runs.Select(run => run.Report())];
    }

    private static void Compare(SweepRun[] runs, IReadOnlyList<LogSweep> swept)
    {
        foreach (var run in runs) run.Findings.Begin(CheckNames.LogEntries);
        foreach (var (where, code) in swept.SelectMany(log => log.Failures)) runs[0].Findings.Add(CheckNames.LogEntries, code, where);

        var hints = runs.SelectMany(run => run.Hints).ToHashSet();
        foreach (var entry in swept.SelectMany(log => log.Found))
        {
            // A key of two epochs signs for both: what neither knows is told to the first of them.
            foreach (var signed in entry.SignedBy(hints))
            {
                var owners = runs.Where(run => run.Hints.Contains(signed.Hint)).ToArray();
                if (Judge(entry, signed, owners) is { } code) owners[0].Findings.Add(CheckNames.LogEntries, code, entry.Name);
            }
        }
    }

    private static FailureCode? Judge(FoundEntry entry, SignedContent signed, SweepRun[] owners)
    {
        if (entry.Failure is { } unproved) return unproved;
        if (signed.Digest is not { } digest) return FailureCode.SweepDigestUnknown;
        // A second index for a body of the list, or a body in a log whose anchor was never stored, says nothing new.
        if (owners.Any(run => run.Lists(digest))) return null;
        return owners.Any(run => run.SizeOf(digest) is not null) ? FailureCode.SweepEntryUnlisted : FailureCode.SweepDigestUnknown;
    }
}
