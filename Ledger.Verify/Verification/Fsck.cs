namespace Ledger.Verify.Verification;

/// <summary>What a log is rebuilt from.</summary>
public enum FsckSource
{
    /// <summary>An export: <c>entries.jsonl</c> is the truth to rebuild from, and every tile must equal what it gives.</summary>
    Export,

    /// <summary>The public tiles alone: a leaf holds only the statement's hash,
    /// so entry signatures cannot be checked and are absent.</summary>
    PublicTiles,
}

/// <summary>
/// Rebuilds a whole log from its files and compares every one of them with what the entries give, up to the root that the newest
/// checkpoint signs. Pure but for the <see cref="LogFolder"/> it is given. Memory does not grow with the log.
/// </summary>
public static class Fsck
{
    /// <summary>Rebuilds a log by the keys of a pinned trust file; one report per epoch,
    /// of which there is one unless the log was ever reopened.</summary>
    /// <exception cref="IOException">The folder cannot be read; an absent file is a finding instead.</exception>
    public static IReadOnlyList<FsckReport> Run(LogFolder folder, FsckSource source, TrustFile trust)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(trust);
        return RunEpochs(folder, source, trust, Verdict.VerifiedNotAnchored);
    }

    /// <summary>
    /// Rebuilds an exported log by the keys that lie in the export itself. Whoever can alter the export can alter those too, so the best
    /// verdict is <see cref="Verdict.SelfConsistentOnly"/>.
    /// </summary>
    /// <param name="folder">The export.</param>
    /// <param name="claim">The export's own trust file.</param>
    public static IReadOnlyList<FsckReport> RunSelfConsistencyOnly(LogFolder folder, TrustFile claim)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(claim);
        return RunEpochs(folder, FsckSource.Export, claim, Verdict.SelfConsistentOnly);
    }

    private static List<FsckReport> RunEpochs(LogFolder folder, FsckSource source, TrustFile trust, Verdict best)
    {
        var reports = new List<FsckReport>();
        var epochs = EpochsIn(folder);
        string? tenant = null;
        for (long epoch = 1; epoch <= epochs; epoch++)
        {
            var handover = source == FsckSource.Export && epoch < epochs ? FsckHandover.Of(folder, epoch + 1) : null;
            var files = epoch == 1 ? folder : folder.Below(ExportLayout.EpochFolder(epoch));
            var run = new FsckRun(files, source, trust, new FsckEpoch(epoch, epochs, tenant), handover);
            reports.Add(Run(run, best));
            tenant ??= run.Tenant;
        }

        return reports;
    }

    /// <summary>
    /// Later epochs lie in folders of their own, numbered without a gap (what lies behind a gap is a file that the layout does not know);
    /// a source that cannot list its files is one epoch.
    /// </summary>
    internal static long EpochsIn(LogFolder folder)
    {
        var there = (folder.Listing ?? []).Select(ExportLayout.EpochOf).ToHashSet();
        long epochs = 1;
        while (there.Contains(epochs + 1)) epochs++;
        return epochs;
    }

    private static FsckReport Run(FsckRun run, Verdict best)
    {
        // 1. Nothing is compared with a size or a root that is not signed.
        run.ReadHead();
        if (run.Head is not null)
        {
            // 2. What the entries must agree with on the way.
            run.ReadKeptCheckpoints();
            // 3. One pass over all leaves: entries, signatures, metadata, chain, tiles, roots.
            run.WalkLeaves();
            // 4. What is beside the tree.
            run.CheckTrustClaim();
            run.CheckFileNames();
        }

        return run.Report(best);
    }
}
