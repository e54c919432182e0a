using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// What a sweep of a transparency log must come across if it is complete: the entries of the list that the log has proved to hold, and the
/// trees that it has signed for them.
/// </summary>
internal sealed class SweepTargets(TrustedRoot? root)
{
    // Shards of one v1 log have the same id, and each counts from zero: only the origin of their checkpoints tells them apart.
    private readonly Dictionary<(Digest LogId, long Index), string> _entries = [];
    private readonly Dictionary<(Digest LogId, string Origin, long Size), (Digest Root, string Where)> _trees = [];
    private readonly Dictionary<(Digest LogId, string Origin, long ShardIndex), Digest> _leaves = [];

    /// <summary>
    /// Takes an anchor of the list that is judged. One whose proof is wrong sets no target: the list's own check names it.
    /// </summary>
    /// <returns>False when the log has signed another tree for an anchor before it: it shows two of them.</returns>
    public bool Add(SweptAnchor anchor)
    {
        if (anchor.Bundle is null || !AnchorEvidence.TryRead(anchor.Bundle, out var bundle, out _)) return true;
        var entry = bundle!.Entries[0];
        if (root?.LogOf(entry.LogId) is not { } log) return true;
        if (LogEntryChecks.Checkpoint(entry, log, out var checkpoint) is not null) return true;
        if (LogEntryChecks.Inclusion(entry, checkpoint!) is not null) return true;
        var leaf = MerkleHash.Leaf(entry.CanonicalizedBody);
        _entries[(entry.LogId, entry.LogIndex)] = anchor.Where;
        var tree = (entry.LogId, checkpoint!.Origin, checkpoint.Size);
        var place = (entry.LogId, checkpoint.Origin, entry.Inclusion.LogIndex);
        _trees.TryAdd(tree, (checkpoint.Root, anchor.Where));
        _leaves.TryAdd(place, leaf);
        return _trees[tree].Root == checkpoint.Root && _leaves[place] == leaf;
    }

    /// <summary>The largest tree of that log that an anchor's proof is from; 0 without any.</summary>
    public long LargestTree(TrustedLog log) => TreesOf(log).Select(tree => tree.Key.Size).DefaultIfEmpty().Max();

    /// <summary>Where in the list the anchors are whose proofs are from a larger tree than this.</summary>
    public IEnumerable<string> Beyond(TrustedLog log, long size) =>
        TreesOf(log).Where(tree => tree.Key.Size > size).Select(tree => tree.Value.Where);

    /// <summary>Where in the list the entries of a log are that a search did not name.</summary>
    public IEnumerable<string> Unseen(Digest logId, IEnumerable<FoundEntry> found)
    {
        var seen = found.Where(entry => entry.LogId == logId).Select(entry => entry.LogIndex).ToHashSet();
        return _entries.Where(target => target.Key.LogId == logId && !seen.Contains(target.Key.Index)).Select(target => target.Value);
    }

    /// <summary>Whether the log has shown another leaf at that index before. (A v2 log's origin is its checkpoints'.)</summary>
    public bool Contradicts(TrustedLog log, long index, Digest leaf) =>
        _leaves.TryGetValue((log.LogId, log.Origin, index), out var known) && known != leaf;

    /// <summary>Whether the log has signed another root of that size before.</summary>
    public bool HasOtherRoot(TrustedLog log, long size, Func<Digest> root) =>
        _trees.TryGetValue((log.LogId, log.Origin, size), out var known) && known.Root != root();

    private IEnumerable<KeyValuePair<(Digest LogId, string Origin, long Size), (Digest Root, string Where)>> TreesOf(TrustedLog log) =>
        _trees.Where(tree => tree.Key.LogId == log.LogId && tree.Key.Origin == log.Origin);
}
