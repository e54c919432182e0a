using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>
/// Hands out the hashes that a plan asked for, in the plan's order. The builder walks the same recursion as the planner, and must end with
/// nothing left over: a caller that read other nodes than planned is told, not given a wrong proof.
/// </summary>
internal struct NodeReader(IReadOnlyList<Digest> nodes)
{
    private int _next;

    /// <summary>The RFC 6962 hash of a range of <paramref name="count"/> leaves, from its complete subtrees.</summary>
    public Digest Range(long count)
    {
        // The subtrees come largest first; the hash is folded from the smallest, so recurse to the right end.
        var first = Next();
        var rest = count - (1L << BitOperations.Log2((ulong)count));
        return rest == 0 ? first : MerkleHash.Node(first, Range(rest));
    }

    public void ExpectEnd()
    {
        if (_next != nodes.Count) throw new ArgumentException($"The plan needs {_next} hashes, not {nodes.Count}.", nameof(nodes));
    }

    private Digest Next()
    {
        if (_next == nodes.Count) throw new ArgumentException($"The plan needs more than {nodes.Count} hashes.", nameof(nodes));
        return nodes[_next++];
    }
}
