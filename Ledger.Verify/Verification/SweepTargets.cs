using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// What a sweep of a transparency log must come across if it is complete: the entries of the list that the log has proved to hold, and the
/// trees that it has signed for them.
/// </summary>
internal sealed class SweepTargets
{
    private readonly Dictionary<(Digest LogId, long Index), string> _entries = [];
    private readonly Dictionary<(Digest LogId, long Size), Digest> _roots = [];
    private readonly Dictionary<(Digest LogId, long ShardIndex), Digest> _leaves = [];

    /// <summary>Reads the list once. An anchor whose proof is wrong sets no target: the list's own check names it.</summary>
    public static SweepTargets Of(IEnumerable<SweptAnchor> list, TrustedRoot? root)
    {
        var targets = new SweepTargets();
        foreach (var anchor in list)
        {
            if (anchor.Bundle is null || !AnchorEvidence.TryRead(anchor.Bundle, out var bundle, out _)) continue;
            var entry = bundle!.Entries[0];
            if (root?.LogOf(entry.LogId) is not { } log) continue;
            if (LogEntryChecks.Checkpoint(entry, log, out var checkpoint) is not null) continue;
            if (LogEntryChecks.Inclusion(entry, checkpoint!) is not null) continue;
            targets._entries[(entry.LogId, entry.LogIndex)] = anchor.Where;
            targets._leaves[(entry.LogId, entry.Inclusion.LogIndex)] = MerkleHash.Leaf(entry.CanonicalizedBody);
            targets._roots.TryAdd((entry.LogId, checkpoint!.Size), checkpoint.Root);
        }

        return targets;
    }

    /// <summary>Where in the list the entries of a log are that a search did not name.</summary>
    public IEnumerable<string> Unseen(Digest logId, IEnumerable<FoundEntry> found)
    {
        var seen = found.Where(entry => entry.LogId == logId).Select(entry => entry.LogIndex).ToHashSet();
        return _entries.Where(target => target.Key.LogId == logId && !seen.Contains(target.Key.Index)).Select(target => target.Value);
    }

    /// <summary>Whether the log has shown another leaf at that index before.</summary>
    public bool Contradicts(Digest logId, long index, Digest leaf) => _leaves.TryGetValue((logId, index), out var known) && known != leaf;

    /// <summary>Whether the log has signed another root of that size before.</summary>
    public bool HasOtherRoot(Digest logId, long size, Func<Digest> root) =>
        _roots.TryGetValue((logId, size), out var known) && known != root();
}
