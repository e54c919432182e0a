using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>
/// RFC 6962  2.1.2: the tree of <c>to</c> leaves begins with the tree of <c>from</c> leaves. Plan, read, build; the checker consumes
/// exactly its input.
/// https://www.rfc-editor.org/rfc/rfc6962#section-2.1.2
/// </summary>
// Example: 3 → 7 is proved by [leaf 2, leaf 3, node(0,1), node(node(4,5), leaf 6)]; 4 → 7 by [node(node(4,5), leaf 6)], since the old root
// is a subtree.
public static class ConsistencyProof
{
    /// <summary>The subtrees whose hashes <see cref="Build"/> needs, in its order; none when a size is 0 or both are equal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ from ≤ to.</exception>
    public static IReadOnlyList<NodeId> Plan(long from, long to)
    {
        RequireOrdered(from, to);
        var plan = new List<NodeId>();
        if (from > 0) Plan(plan, from, 0, to, oldRootIsKnown: true);
        return plan;
    }

    /// <param name="from">Leaves of the older tree.</param>
    /// <param name="to">Leaves of the newer tree.</param>
    /// <param name="nodes">The hashes of <see cref="Plan(long, long)"/>'s nodes, in its order.</param>
    /// <exception cref="ArgumentException">More or fewer hashes than planned.</exception>
    public static Digest[] Build(long from, long to, IReadOnlyList<Digest> nodes)
    {
        RequireOrdered(from, to);
        ArgumentNullException.ThrowIfNull(nodes);
        var reader = new NodeReader(nodes);
        var proof = new List<Digest>();
        if (from > 0) Build(proof, ref reader, from, to, oldRootIsKnown: true);
        reader.ExpectEnd();
        return [.. proof];
    }

    /// <summary>
    /// Null when the proof shows that the newer tree begins with the older. From size 0 the proof is empty and the older root must be
    /// <see cref="MerkleHash.EmptyRoot"/>: nothing is said of the newer one.
    /// </summary>
    public static FailureCode? Check(long from, Digest fromRoot, long to, Digest toRoot, IReadOnlyList<Digest> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (from < 0 || from > to) return FailureCode.ConsistencySizeOutOfRange;
        if (proof.Count != Length(from, to)) return FailureCode.ConsistencyProofLength;
        if (from == 0 && fromRoot != MerkleHash.EmptyRoot) return FailureCode.ConsistencyFromRootMismatch;
        if (from == to) return fromRoot == toRoot ? null : FailureCode.ConsistencyToRootMismatch;
        if (from == 0) return null;

        // Start at the largest subtree that ends the older tree; where it is the whole older tree, its hash is the old root and not in the
        // proof.
        var rise = BitOperations.TrailingZeroCount(from);
        long node = (from - 1) >> rise, last = (to - 1) >> rise;
        var next = 0;
        var older = node == 0 ? fromRoot : proof[next++];
        var newer = older;
        for (; next < proof.Count; next++)
        {
            while (node == last && (node & 1) == 0)
            {
                node >>= 1;
                last >>= 1;
            }

            if ((node & 1) == 1)
            {
                // A left sibling is in both trees.
                older = MerkleHash.Node(proof[next], older);
                newer = MerkleHash.Node(proof[next], newer);
            }
            else
            {
                // A right sibling is only in the newer one.
                newer = MerkleHash.Node(newer, proof[next]);
            }

            node >>= 1;
            last >>= 1;
        }

        if (older != fromRoot) return FailureCode.ConsistencyFromRootMismatch;
        return newer == toRoot ? null : FailureCode.ConsistencyToRootMismatch;
    }

    private static int Length(long from, long to)
    {
        if (from == 0 || from == to) return 0;
        var rise = BitOperations.TrailingZeroCount(from);
        long node = (from - 1) >> rise, last = (to - 1) >> rise;
        return InclusionProof.Length(node, last + 1) + (node == 0 ? 0 : 1);
    }

    // The recursion follows the old tree's last leaf. Once it has turned right, the old root is no longer a whole subtree that the checker
    // knows.
    private static void Plan(List<NodeId> plan, long from, long start, long end, bool oldRootIsKnown)
    {
        if (from == end)
        {
            if (!oldRootIsKnown) NodeId.AddRange(plan, start, end);
            return;
        }

        var middle = start + Split.Of(end - start);
        if (from <= middle)
        {
            Plan(plan, from, start, middle, oldRootIsKnown);
            NodeId.AddRange(plan, middle, end);
        }
        else
        {
            Plan(plan, from, middle, end, oldRootIsKnown: false);
            NodeId.AddRange(plan, start, middle);
        }
    }

    private static void Build(List<Digest> proof, ref NodeReader reader, long from, long size, bool oldRootIsKnown)
    {
        if (from == size)
        {
            if (!oldRootIsKnown) proof.Add(reader.Range(size));
            return;
        }

        var left = Split.Of(size);
        if (from <= left)
        {
            Build(proof, ref reader, from, left, oldRootIsKnown);
            proof.Add(reader.Range(size - left));
        }
        else
        {
            Build(proof, ref reader, from - left, size - left, oldRootIsKnown: false);
            proof.Add(reader.Range(left));
        }
    }

    private static void RequireOrdered(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
    }
}
