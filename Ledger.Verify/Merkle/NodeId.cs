using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>
/// A complete subtree: the leaves from <c>Index &lt;&lt; Level</c> up to, not including, <c>(Index + 1) &lt;&lt; Level</c>.
/// </summary>
/// <param name="Level">0 for a leaf's own hash.</param>
/// <param name="Index">From the left, within its level.</param>
public readonly record struct NodeId(int Level, long Index)
{
    /// <summary>
    /// Adds the complete subtrees that make up the leaves from <paramref name="start"/> to <paramref name="end"/>, largest first.
    /// <paramref name="start"/> must be a multiple of the largest, which it is for every range of RFC 6962's recursion.
    /// </summary>
    internal static void AddRange(List<NodeId> nodes, long start, long end)
    {
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            nodes.Add(new NodeId(level, start >> level));
            start += 1L << level;
        }
    }
}
