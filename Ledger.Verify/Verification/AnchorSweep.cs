namespace Ledger.Verify.Verification;

/// <summary>
/// The question that no bundle answers: is this the only tree? Every anchored body is recomputed from the log's own tiles, and everything
/// that the transparency logs hold under the tenant's anchor keys must be one of those bodies. A log that was rewritten and anchored again
/// leaves its old anchors behind, where nobody can take them out.
/// </summary>
/// <remarks>
/// Each head is read and verified once, before anything else: whose log it is, and so which keys to look for, is settled by the trust file
/// then. A source that answers a later read differently can only add findings.
/// </remarks>
internal sealed class AnchorSweep(TrustFile trust)
{
    private readonly List<SweepRun> _runs = [];

    /// <summary>The logs whose newest checkpoint a trusted key has signed.</summary>
    public IEnumerable<TrustLog> Logs => _runs.Select(run => run.Log).OfType<TrustLog>();

    /// <summary>The anchor keys of these logs.</summary>
    public SoughtKeys Keys => SoughtKeys.Of(Logs);

    /// <summary>Adds an epoch, and verifies its newest checkpoint.</summary>
    /// <exception cref="IOException">It cannot be read; an absent file is a finding instead.</exception>
    public void Add(SweepSource source)
    {
        var run = new SweepRun(source, trust);
        run.Open();
        _runs.Add(run);
    }

    /// <summary>Judges the lists.</summary>
    /// <returns>What the transparency logs must show if they show everything.</returns>
    /// <exception cref="IOException">A source cannot be read; an absent file is a finding instead.</exception>
    public SweepTargets Judge()
    {
        var targets = new SweepTargets(trust.TrustedRoot);
        foreach (var run in _runs) run.Run(targets);
        return targets;
    }

    /// <summary>Holds what was found beside the lists against them; one report per epoch.</summary>
    /// <param name="swept">One for each transparency log that was looked through; null when none was asked for.</param>
    public IReadOnlyList<FsckReport> Report(IReadOnlyList<LogSweep>? swept)
    {
        if (swept is not null) Compare(swept);
        return [.. _runs.Select(run => run.Report())];
    }

    private void Compare(IReadOnlyList<LogSweep> swept)
    {
        foreach (var run in _runs) run.Findings.Begin(CheckNames.LogEntries);
        foreach (var (where, code) in swept.SelectMany(log => log.Failures)) _runs[0].Findings.Add(CheckNames.LogEntries, code, where);

        var hints = _runs.SelectMany(run => run.Hints).ToHashSet();
        foreach (var log in swept.Where(log => log.Log is not null))
        {
            foreach (var hint in hints.Except(log.Hints))
                _runs[0].Findings.Add(CheckNames.LogEntries, FailureCode.SweepIncomplete, $"{log.Log!.Origin} key {hint}");
        }

        // A key of two epochs signs for both: what neither knows is told to the first of them.
        var signatures = swept.SelectMany(log => log.Found).SelectMany(entry => entry.SignedBy(hints).Select(signed => new Signature(
            entry, signed.Digest, _runs.Where(run => run.Hints.Contains(signed.Hint)).ToArray()))).ToArray();
        var unlisted = signatures.Where(one => one.IsUnlisted).Select(one => one.Digest!.Value).ToHashSet();
        var own = _runs.ToDictionary(run => run, run => unlisted.Count == 0 ? [] : run.OwnAmong(unlisted));
        foreach (var one in signatures)
        {
            if (Judge(one, own) is { } code) one.Owners[0].Findings.Add(CheckNames.LogEntries, code, one.Entry.Name);
        }
    }

    private static FailureCode? Judge(Signature one, Dictionary<SweepRun, HashSet<Digest>> own)
    {
        if (one.Entry.Failure is { } unproved) return unproved;
        if (one.Digest is not { } digest) return FailureCode.SweepDigestUnknown;
        // A second index for a body of the list, or a body in a log whose anchor was never stored, says nothing new.
        if (!one.IsUnlisted) return null;
        return one.Owners.Any(run => own[run].Contains(digest)) ? FailureCode.SweepEntryUnlisted : FailureCode.SweepDigestUnknown;
    }

    private sealed record Signature(FoundEntry Entry, Digest? Digest, SweepRun[] Owners)
    {
        public bool IsUnlisted { get; } = Entry.Failure is null && Digest is { } digest && !Owners.Any(run => run.Lists(digest));
    }
}
