using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>The state of one run of <see cref="Fsck"/> over one log; used once, by one thread.</summary>
/// <param name="folder">The epoch's files.</param>
/// <param name="source">What they are.</param>
/// <param name="trust">What is believed.</param>
/// <param name="epoch">Which epoch the files are to be.</param>
/// <param name="handover">What the next epoch says of this one.</param>
internal sealed class FsckRun(LogFolder folder, FsckSource source, TrustFile trust, FsckEpoch epoch, FsckHandover? handover)
{
    private readonly FsckFindings _findings = new(FsckFindings.OfLog);
    private readonly List<(long Size, Digest Root, string Where)> _kept = [];
    private readonly Dictionary<string, (long First, long Last)> _keysUsed = [];
    private string? _origin;
    private int _compared;
    private long _rebuilt;
    private TrustLog? _log;
    private FsckAnchors? _anchors;

    /// <summary>The newest checkpoint, its signature verified; null when there is none to believe.</summary>
    public Checkpoint? Head { get; private set; }

    /// <summary>Whose log it is, once a trusted key has said so.</summary>
    public string? Tenant => Head is null ? null : _log?.Tenant;

    public void ReadHead()
    {
        if (Believe(ExportLayout.Checkpoint, CheckNames.CheckpointSignature) is not { } head) return;
        Head = head;
        if (source == FsckSource.Export && !epoch.IsOf(_log!))
            _findings.Add(CheckNames.CheckpointSignature, FailureCode.OriginMismatch, ExportLayout.Checkpoint);
    }

    public void ReadKeptCheckpoints()
    {
        if (folder.Listing is null || source != FsckSource.Export) return;
        _findings.Begin(CheckNames.Checkpoints);
        var newest = ExportLayout.CheckpointAt(Head!.Size);
        if (!folder.Listing.Contains(newest)) _findings.Add(CheckNames.Checkpoints, FailureCode.FileMissing, newest);
        foreach (var path in folder.Listing.Order(StringComparer.Ordinal))
        {
            if (!ExportLayout.TryParseCheckpoint(path, out var size) || Believe(path, CheckNames.Checkpoints) is not { } kept) continue;
            if (kept.Size != size) _findings.Add(CheckNames.Checkpoints, FailureCode.CheckpointSizeMismatch, path);
            else Keep(kept, path);
        }

        if (handover is not null && Believe(handover.Note, CheckNames.Checkpoints, handover.Where) is { } shown)
            Keep(shown, handover.Where);
        _kept.Sort((left, right) => left.Size.CompareTo(right.Size));
    }

    public void WalkLeaves()
    {
        var (head, log) = (Head!, _log!);
        _findings.Begin(CheckNames.Entries);
        _findings.Begin(CheckNames.Tree);
        _findings.Begin(CheckNames.Tiles);
        var tiles = new FsckTiles(folder, _findings, compareEntries: source == FsckSource.Export);
        var tree = new RebuiltTree(tiles.Compare);
        if (source == FsckSource.Export) _anchors = new FsckAnchors(folder, _findings, trust, log, head);
        Compare(tree);

        var (seq, prev) = (0L, Digest.Zero);
        var leaves = source == FsckSource.Export
            ? new FsckEntries(folder, _findings, log).Read(head.Size)
            : new FsckBundles(folder, _findings).Read(head.Size);
        foreach (var (where, leaf, bytes, payloadHash) in leaves)
        {
            if (leaf.Origin != head.Origin) _findings.Add(CheckNames.Entries, FailureCode.OriginMismatch, where);
            if (leaf.Seq != seq) _findings.Add(CheckNames.Entries, FailureCode.SeqMismatch, where);
            if (leaf.Prev != prev) _findings.Add(CheckNames.Entries, FailureCode.PrevMismatch, where);
            if (source == FsckSource.Export && log.EntryKeys.Any(key => key.KeyId == leaf.KeyId))
                _keysUsed[leaf.KeyId] = (_keysUsed.TryGetValue(leaf.KeyId, out var used) ? used.First : leaf.Seq, leaf.Seq);
            // Go on from what the leaf itself says: one break is one finding, not one for each entry after it.
            (seq, prev) = (leaf.Seq + 1, leaf.Hash());
            tiles.Add(bytes);
            _anchors?.AtEntry(tree.Size, payloadHash);
            tree.Append(prev);
            Compare(tree);
        }

        _anchors?.Finish();
        tree.Finish();
        tiles.Finish();
        _rebuilt = tree.Size;
        if (tree.Size != head.Size) _findings.Add(CheckNames.Tree, FailureCode.TreeSizeMismatch, ExportLayout.Checkpoint);
        else if (tree.Root() != head.Root) _findings.Add(CheckNames.Tree, FailureCode.TreeRootMismatch, ExportLayout.Checkpoint);
    }

    /// <summary>The operator's claim is not what the log was judged by; but a reader may pin it next,
    /// so it must not say something else.</summary>
    public void CheckTrustClaim()
    {
        if (source != FsckSource.Export) return;
        _findings.Begin(CheckNames.TrustClaim);
        if (ClaimFailure() is { } code) _findings.Add(CheckNames.TrustClaim, code, ExportLayout.Trust);
    }

    public void CheckFileNames()
    {
        if (folder.Listing is null || source != FsckSource.Export) return;
        _findings.Begin(CheckNames.Files);
        foreach (var path in folder.Listing.Order(StringComparer.Ordinal))
        {
            if (path is ExportLayout.Checkpoint or ExportLayout.Entries or ExportLayout.Trust || epoch.HasFolderOf(path)) continue;
            if (ExportLayout.TryParseCheckpoint(path, out _) || FsckTiles.IsOfTree(path, Head!.Size)) continue;
            if (ExportLayout.TryParseAnchor(path, ExportLayout.AnchorsFolder, out _)) continue;
            if (ExportLayout.TryParseAnchor(path, ExportLayout.PayloadAnchorsFolder, out _)) continue;
            _findings.Add(CheckNames.Files, FailureCode.FileUnexpected, path);
        }
    }

    public FsckReport Report(Verdict best)
    {
        var checks = _findings.Checks();
        if (best == Verdict.VerifiedNotAnchored && _anchors?.HeadIsAnchored(trust.Policy) == true) best = Verdict.Verified;
        return new FsckReport(_origin, _rebuilt, checks, _findings.All(), VerificationReport.AnyFailed(checks) ? Verdict.Failed : best);
    }

    private Checkpoint? Believe(string path, string check)
    {
        _findings.Begin(check);
        var bytes = folder.Read(path, Limits.NoteBytes);
        if (bytes is not null && CheckpointKeys.TextOf(bytes) is { } text) return Believe(text, check, path);
        _findings.Add(check, bytes is null ? FailureCode.FileMissing : FailureCode.NoteMalformed, path);
        return null;
    }

    private Checkpoint? Believe(string text, string check, string where)
    {
        if (!CheckpointKeys.TryParseUnverified(text, out var note, out var checkpoint, out var failure))
        {
            _findings.Add(check, failure, where);
            return null;
        }

        _origin ??= checkpoint.Origin;
        _log ??= trust.LogOf(checkpoint.Origin);
        var wrong = _log is null ? FailureCode.OriginUnknown : CheckpointKeys.Verify(_log, note, checkpoint);
        if (wrong is { } code) _findings.Add(check, code, where);
        return wrong is null ? checkpoint : null;
    }

    private void Keep(Checkpoint checkpoint, string where)
    {
        if (checkpoint.Size > Head!.Size) _findings.Add(CheckNames.Checkpoints, FailureCode.CheckpointBeyondHead, where);
        else _kept.Add((checkpoint.Size, checkpoint.Root, where));
    }

    private void Compare(RebuiltTree tree)
    {
        _anchors?.AtSize(tree.Size, tree.Root);
        for (; _compared < _kept.Count && _kept[_compared].Size == tree.Size; _compared++)
        {
            if (_kept[_compared].Root != tree.Root())
                _findings.Add(CheckNames.Checkpoints, FailureCode.TreeRootMismatch, _kept[_compared].Where);
        }
    }

    private FailureCode? ClaimFailure()
    {
        if (folder.Read(ExportLayout.Trust, Limits.TrustFileBytes) is not { } bytes) return FailureCode.FileMissing;
        if (!TrustFile.TryParse(bytes, out var claim, out var failure)) return failure;
        if (claim.LogOf(Head!.Origin) is not { } log) return FailureCode.OriginUnknown;
        if (log.Tenant != _log!.Tenant) return FailureCode.TenantMismatch;
        foreach (var (keyId, (first, last)) in _keysUsed)
        {
            if (EntryKeys.Find(log, first, keyId, out failure) is null || EntryKeys.Find(log, last, keyId, out failure) is null)
                return failure;
        }

        return log.CheckpointKeys.Any(key => key.Covers(Head.Size)
            && _log.CheckpointKeys.Any(ours => ours.Key.Format() == key.Key.Format()))
            ? null
            : FailureCode.NoteKeyUnknown;
    }
}
