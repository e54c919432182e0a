using System.Globalization;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Rebuilds a Rekor v2 log from its entries, in order, and keeps those that one of the keys has signed. Only when the rebuilt root is the
/// signed one has nothing been left out, up to that checkpoint; the list may know of a larger one. Memory grows with what is kept, not with
/// the log.
/// </summary>
internal sealed class LogScan(TrustedLog log, LogCheckpoint head, SoughtKeys keys, SweepTargets targets)
{
    private readonly RightEdge _tree = new();
    private readonly List<FoundEntry> _found = [];
    private readonly List<(string Where, FailureCode Code)> _failures = [];

    /// <summary>Entries read so far; the next one to add has this index.</summary>
    public long Size => _tree.Size;

    /// <summary>Entries to read: those of the checkpoint, or of the larger tree that the log has signed for an anchor of the
    /// list.</summary>
    public long Wanted { get; } = Math.Max(head.Size, targets.LargestTree(log));

    public void Add(byte[] body)
    {
        var (index, leaf) = (_tree.Size, MerkleHash.Leaf(body));
        if (targets.Contradicts(log, index, leaf)) Fail(FailureCode.SweepLogForked, $"{log.Origin} index {index}");
        _tree.Append(leaf);
        if (targets.HasOtherRoot(log, _tree.Size, _tree.Root)) Fail(FailureCode.SweepLogForked, $"{log.Origin} size {_tree.Size}");
        if (_tree.Size == head.Size) CompareRoot();
        var entry = FoundEntry.OfVersion2(log.LogId, index, body);
        if (entry.SignedBy(keys.Hints).Any()) _found.Add(entry);
        // Nobody else can log under our key but what we have signed, so this is ours, or it is made to look so.
        else if (keys.MayBeIn(body) && !SweptBody.TryParse(body, out _)) _failures.Add((entry.Name, FailureCode.LogBodyKindUnknown));
    }

    public LogSweep Finish()
    {
        if (_tree.Size != head.Size && _tree.Size != Wanted) Fail(FailureCode.LogSizeMismatch, $"{log.Origin} size {_tree.Size}");
        else if (head.Size == 0) CompareRoot();
        _failures.AddRange(targets.Beyond(log, _tree.Size).Select(where => (where, FailureCode.SweepIncomplete)));
        var how = string.Create(
            CultureInfo.InvariantCulture, $"scanned {log.Origin}, all {_tree.Size} entries, {_found.Count} under the keys");
        return new LogSweep(log, keys.Hints, _found, _failures, how);
    }

    private void CompareRoot()
    {
        if ((head.Size == 0 ? MerkleHash.EmptyRoot : _tree.Root()) != head.Root)
            Fail(FailureCode.LogRootMismatch, $"{log.Origin} size {head.Size}");
    }

    private void Fail(FailureCode code, FormattableString where) => _failures.Add((where.ToString(CultureInfo.InvariantCulture), code));
}
