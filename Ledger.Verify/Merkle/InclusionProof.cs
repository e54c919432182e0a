using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>
/// RFC 6962  2.1.1 audit paths: plan (which subtrees), read (the caller's one I/O), build (pure). The checker consumes exactly its input.
/// https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1
/// </summary>
// Example: leaf 2 of 7 is proved by [leaf 3, node(0,1), node(node(4,5), leaf 6)], from the leaf's sibling up to the root's child.
public static class InclusionProof
{
    /// <summary>The subtrees whose hashes <see cref="Build"/> needs, in its order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ index &lt; size.</exception>
    public static IReadOnlyList<NodeId> Plan(long index, long size)
    {
        RequireInTree(index, size);
        var plan = new List<NodeId>();
        Plan(plan, index, 0, size);
        return plan;
    }

    /// <param name="index">The leaf to prove.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="nodes">The hashes of <see cref="Plan(long, long)"/>'s nodes, in its order.</param>
    /// <returns>The proof, from the leaf's sibling up to the root's child.</returns>
    /// <exception cref="ArgumentException">More or fewer hashes than planned.</exception>
    public static Digest[] Build(long index, long size, IReadOnlyList<Digest> nodes)
    {
        RequireInTree(index, size);
        ArgumentNullException.ThrowIfNull(nodes);
        var reader = new NodeReader(nodes);
        var proof = new Digest[Length(index, size)];
        var filled = 0;
        Build(proof, ref filled, ref reader, index, size);
        reader.ExpectEnd();
        return proof;
    }

    /// <summary>
    /// Null when the proof shows that <paramref name="leafHash"/> is at <paramref name="index"/> of the tree of <paramref name="root"/>.
    /// Allocates nothing.
    /// </summary>
    public static FailureCode? Check(Digest leafHash, long index, long size, IReadOnlyList<Digest> proof, Digest root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size) return FailureCode.InclusionIndexOutOfRange;
        if (proof.Count != Length(index, size)) return FailureCode.InclusionProofLength;

        // `node` is the position of the path's subtree within its level, `last` that of the level's last subtree.
        var hash = leafHash;
        long node = index, last = size - 1;
        for (var i = 0; i < proof.Count; i++)
        {
            // A last subtree that is alone on its level rises until it has a sibling on its left.
            while (node == last && (node & 1) == 0)
            {
                node >>= 1;
                last >>= 1;
            }

            hash = (node & 1) == 1 ? MerkleHash.Node(proof[i], hash) : MerkleHash.Node(hash, proof[i]);
            node >>= 1;
            last >>= 1;
        }

        return hash == root ? null : FailureCode.InclusionRootMismatch;
    }

    /// <summary>
    /// Hashes of a proof: one per level where the path has a sibling on its right, and one per sibling on its left above that.
    /// </summary>
    internal static int Length(long index, long size)
    {
        // Below the highest bit where index and the last leaf differ every level has a sibling; above it only left ones remain.
        var inner = 64 - BitOperations.LeadingZeroCount((ulong)(index ^ (size - 1)));
        return inner + BitOperations.PopCount((ulong)index >> inner);
    }

    private static void Plan(List<NodeId> plan, long index, long start, long end)
    {
        if (end - start == 1) return;
        var middle = start + Split.Of(end - start);
        if (index < middle)
        {
            Plan(plan, index, start, middle);
            NodeId.AddRange(plan, middle, end);
        }
        else
        {
            Plan(plan, index, middle, end);
            NodeId.AddRange(plan, start, middle);
        }
    }

    private static void Build(Digest[] proof, ref int filled, ref NodeReader reader, long index, long size)
    {
        if (size == 1) return;
        var left = Split.Of(size);
        if (index < left)
        {
            Build(proof, ref filled, ref reader, index, left);
            proof[filled++] = reader.Range(size - left);
        }
        else
        {
            Build(proof, ref filled, ref reader, index - left, size - left);
            proof[filled++] = reader.Range(left);
        }
    }

    private static void RequireInTree(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
    }
}
