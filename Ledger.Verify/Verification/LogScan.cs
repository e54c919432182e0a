using System.Globalization;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Rebuilds a Rekor v2 log from its entries, in order, and keeps those that one of the keys has signed. Only when the rebuilt root is the
/// signed one has nothing been left out. Memory grows with what is kept, not with the log.
/// </summary>
internal sealed class LogScan(TrustedLog log, LogCheckpoint head, IReadOnlySet<string> hints, SweepTargets targets)
{
    private readonly RightEdge _tree = new();
    private readonly List<FoundEntry> _found = [];
    private readonly List<(string Where, FailureCode Code)> _failures = [];

    /// <summary>Entries read so far; the next one to add has this index.</summary>
    public long Size => _tree.Size;

    public void Add(byte[] body)
    {
        var (index, leaf) = (_tree.Size, MerkleHash.Leaf(body));
        if (targets.Contradicts(log.LogId, index, leaf)) Fail(FailureCode.SweepLogForked, $"{log.Origin} index {index}");
        _tree.Append(leaf);
        if (targets.HasOtherRoot(log.LogId, _tree.Size, _tree.Root))
            Fail(FailureCode.SweepLogForked, $"{log.Origin} size {_tree.Size}");
        var entry = FoundEntry.OfVersion2(log.LogId, index, body);
        if (entry.SignedBy(hints).Any()) _found.Add(entry);
    }

    public LogSweep Finish()
    {
        if (_tree.Size != head.Size) Fail(FailureCode.LogSizeMismatch, $"{log.Origin} size {_tree.Size}");
        else if (_tree.Root() != head.Root) Fail(FailureCode.LogRootMismatch, $"{log.Origin} size {head.Size}");
        var how = string.Create(
            CultureInfo.InvariantCulture, $"scanned {log.Origin}, all {_tree.Size} entries, {_found.Count} under the keys");
        return new LogSweep(_found, _failures, how);
    }

    private void Fail(FailureCode code, FormattableString where) => _failures.Add((where.ToString(CultureInfo.InvariantCulture), code));
}
