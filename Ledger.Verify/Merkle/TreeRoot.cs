namespace Ledger.Verify.Merkle;

/// <summary>The root of a tree of any size, from its complete subtrees: plan, read, build.</summary>
public static class TreeRoot
{
    /// <summary>The subtrees to read, largest first; none for size 0.</summary>
    public static IReadOnlyList<NodeId> Plan(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var plan = new List<NodeId>();
        NodeId.AddRange(plan, 0, size);
        return plan;
    }

    /// <param name="size">Leaves of the tree.</param>
    /// <param name="nodes">The hashes of <see cref="Plan"/>'s nodes, in its order.</param>
    /// <exception cref="ArgumentException">More or fewer hashes than planned.</exception>
    public static Digest Build(long size, IReadOnlyList<Digest> nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(nodes);
        var reader = new NodeReader(nodes);
        var root = size == 0 ? MerkleHash.EmptyRoot : reader.Range(size);
        reader.ExpectEnd();
        return root;
    }
}
