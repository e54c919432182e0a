using System.Globalization;
using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Sweeps one epoch: each anchor of the list against the body that the log's own tiles give, in one pass from the newest checkpoint down,
/// so that each tree is shown to be the beginning of one that is already believed. What it leaves behind is the list as a set of digests,
/// for the entries of the transparency logs to be held against.
/// </summary>
internal sealed class SweepRun(SweepSource source, TrustFile trust)
{
    private readonly AnchorVerifier _verifier = new(trust.TrustedRoot);
    private readonly HashSet<Digest> _listed = [];
    private readonly HashSet<Digest> _witnesses = [], _stamps = [];
    private string? _origin;
    private SweepTree _tree = new(source.Files, 0);
    private AnchorKeys _keys = new([], []);
    private (long Size, Digest Root, Digest Noted)? _current;
    private long? _satisfied;

    public FsckFindings Findings { get; } = new(FsckFindings.OfSweep);

    /// <summary>The newest checkpoint, its signature verified; null when there is none to believe.</summary>
    public Checkpoint? Head { get; private set; }

    /// <summary>The log, once a trusted key has said whose it is.</summary>
    public TrustLog? Log { get; private set; }

    /// <summary>Hints of the keys that may sign this log's anchors.</summary>
    public IReadOnlyCollection<string> Hints => _keys.Hints;

    /// <summary>Reads and verifies the newest checkpoint: whose log it is does not change after this.</summary>
    public void Open()
    {
        Findings.Begin(CheckNames.CheckpointSignature);
        ReadHead();
    }

    /// <summary>Whether the digest is that of a checkpoint body of the list.</summary>
    public bool Lists(Digest digest) => _listed.Contains(digest);

    /// <summary>Judges the list, reading it once, and sets the targets of what is judged.</summary>
    public void Run(SweepTargets targets)
    {
        if (Head is null) return;
        Findings.Begin(CheckNames.Anchors);
        Findings.Begin(CheckNames.Consistency);
        foreach (var anchor in source.Anchors)
        {
            if (!targets.Add(anchor)) Findings.Add(CheckNames.Anchors, FailureCode.SweepLogForked, anchor.Where);
            if (MoveTo(anchor)) Judge(anchor);
        }
    }

    /// <summary>Those of the digests that are bodies of this log's own tree at some size, listed or not. Reads all of its leaves.</summary>
    public HashSet<Digest> OwnAmong(IReadOnlySet<Digest> wanted)
    {
        var own = new HashSet<Digest>();
        var edge = new RightEdge();
        foreach (var leaf in _tree.Leaves())
        {
            edge.Append(leaf);
            var body = BodyDigest(edge.Size, edge.Root());
            if (wanted.Contains(body)) own.Add(body);
        }

        return own;
    }

    public FsckReport Report()
    {
        var checks = Findings.Checks();
        var best = _satisfied is null ? Verdict.VerifiedNotAnchored : Verdict.Verified;
        return new FsckReport(_origin, Head?.Size ?? 0, checks, Findings.All(),
            VerificationReport.AnyFailed(checks) ? Verdict.Failed : best, _satisfied ?? 0);
    }

    private void ReadHead()
    {
        Checkpoint? head = null;
        var wrong = source.Files.Read(ExportLayout.Checkpoint, Limits.NoteBytes) is { } file
            ? Believe(CheckpointKeys.TextOf(file), out head)
            : FailureCode.FileMissing;
        if (wrong is { } code) Findings.Add(CheckNames.CheckpointSignature, code, ExportLayout.Checkpoint);
        else if (Head is null) (Head, _tree, _keys) = (head, TreeOf(head!), new AnchorKeys(Log!.AnchorKeys, Log.PayloadKeys ?? []));
        else Grow(Head, head!);
    }

    /// <summary>
    /// A later answer counts only as what the first has grown to; one that is behind it is an older answer, and the first is kept.
    /// </summary>
    private void Grow(Checkpoint from, Checkpoint to)
    {
        if (to.Size == from.Size && to.Root != from.Root)
            Findings.Add(CheckNames.Consistency, FailureCode.SweepTwoRoots, ExportLayout.Checkpoint);
        if (to.Size <= from.Size) return;
        (Head, _tree) = (to, TreeOf(to));
        Compare(from.Size, from.Root);
    }

    private SweepTree TreeOf(Checkpoint head) => new(source.Files, head.Size);

    private FailureCode? Believe(string? text, out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text is null) return FailureCode.NoteMalformed;
        if (!CheckpointKeys.TryParseUnverified(text, out var note, out var claimed, out var failure)) return failure;
        _origin ??= claimed.Origin;
        if ((Log ?? trust.LogOf(claimed.Origin)) is not { } log) return FailureCode.OriginUnknown;
        if (CheckpointKeys.Verify(log, note, claimed) is { } wrong) return wrong;
        (Log, checkpoint) = (log, claimed);
        return null;
    }

    /// <summary>Makes the anchor's size the current one: its root by the tiles and, where there is a note, by that.</summary>
    private bool MoveTo(SweptAnchor anchor)
    {
        var failure = Misplaced(anchor);
        if (failure is not null) Findings.Add(CheckNames.Anchors, failure.Value, anchor.Where);
        if (failure is not null || anchor.Size == _current?.Size) return failure is null;

        if (_tree.Root(anchor.Size) is not { } root)
        {
            Findings.Add(CheckNames.Consistency, FailureCode.FileMissing, _tree.Missing!);
            return false;
        }

        Compare(anchor.Size, root);
        var noted = NotedRoot(anchor) ?? root;
        // Both were signed for the same size: the log was rewritten, whichever of the two anybody was shown.
        if (noted != root) Findings.Add(CheckNames.Consistency, FailureCode.SweepTwoRoots, anchor.Where);
        _current = (anchor.Size, root, noted);
        _witnesses.Clear();
        _stamps.Clear();
        _listed.Add(BodyDigest(anchor.Size, root));
        return true;
    }

    private FailureCode? Misplaced(SweptAnchor anchor)
    {
        if (anchor.Bundle is null) return FailureCode.FileMissing;
        // The log may have grown between its checkpoint and its list; what is beyond the newest even now was rolled back.
        if (_current is null && anchor.Size > Head!.Size && source.Files.Listing is null) ReadHead();
        if (anchor.Size > Head!.Size) return FailureCode.AnchorBeyondHead;
        return anchor.Size > (_current?.Size ?? Head.Size) ? FailureCode.AnchorListMalformed : null;
    }

    private Digest? NotedRoot(SweptAnchor anchor)
    {
        if (anchor.Checkpoint is not { } file) return null;
        var wrong = Believe(CheckpointKeys.TextOf(file), out var checkpoint);
        if (wrong is null && checkpoint!.Size != anchor.Size) wrong = FailureCode.CheckpointSizeMismatch;
        if (wrong is null) return checkpoint!.Root;
        Findings.Add(CheckNames.Anchors, wrong.Value, ExportLayout.CheckpointAt(anchor.Size));
        return null;
    }

    private void Judge(SweptAnchor anchor)
    {
        var (size, root, noted) = _current!.Value;
        var report = _verifier.Verify(anchor.Bundle, BodyDigest(size, root), _keys);
        if (report.Failure == FailureCode.AnchorDigestMismatch && noted != root)
            report = _verifier.Verify(anchor.Bundle, BodyDigest(size, noted), _keys);
        if (report.Failure is { } wrong) Findings.Add(CheckNames.Anchors, wrong, anchor.Where);
        else if (anchor.File is { } file && (report.Witness != file.LogId || report.LogIndex != file.Index))
            Findings.Add(CheckNames.Anchors, FailureCode.AnchorNameMismatch, anchor.Where);
        else Count(size, report);
    }

    /// <summary>
    /// One size must have all the witnesses that the policy asks for; sizes descend, so the first that has them is the largest.
    /// </summary>
    private void Count(long size, AnchorReport report)
    {
        _witnesses.Add(report.Witness!.Value);
        _stamps.UnionWith(report.TimestampedBy);
        if (_witnesses.Count >= trust.Policy.Anchors && _stamps.Count >= trust.Policy.Timestamps) _satisfied ??= size;
    }

    /// <summary>Whether the tree of that size is what the next larger one begins with, from the signed root down.</summary>
    private void Compare(long size, Digest root)
    {
        var (upper, upperRoot) = _current is { } current ? (current.Size, current.Root) : (Head!.Size, Head.Root);
        if (_tree.Consistency(size, upper) is not { } proof)
            Findings.Add(CheckNames.Consistency, FailureCode.FileMissing, _tree.Missing!);
        else if (ConsistencyProof.Check(size, root, upper, upperRoot, proof) is { } wrong)
            Findings.Add(CheckNames.Consistency, wrong, string.Create(CultureInfo.InvariantCulture, $"{size}..{upper}"));
    }

    private Digest BodyDigest(long size, Digest root) =>
        Digest.Sha256(Encoding.UTF8.GetBytes(new Checkpoint(Head!.Origin, size, root).Body()));
}
