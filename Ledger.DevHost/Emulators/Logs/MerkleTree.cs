using System.Numerics;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Logs;

/// <summary>
/// The tree of RFC 6962, section 2.1, as its recursive definitions say it: MTH, PATH and PROOF. Hashes of full subtrees never change and
/// are remembered, so that everything takes time in the height of the tree.
/// </summary>
internal sealed class MerkleTree
{
    private readonly List<byte[]> leaves = [];
    private readonly Dictionary<(int From, int Count), byte[]> full = [];

    public int Size => leaves.Count;

    public static byte[] LeafHash(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    public void Add(byte[] leafHash) => leaves.Add(leafHash);

    public byte[] Leaf(int index) => leaves[index];

    /// <summary>MTH(D[0:size]).</summary>
    public byte[] Root(int size) => Hash(0, size);

    /// <summary>MTH(D[from:from+count]).</summary>
    public byte[] Hash(int from, int count)
    {
        if (count == 0)
            return SHA256.HashData([]);
        if (count == 1)
            return leaves[from];
        var isFull = BitOperations.IsPow2(count) && from % count == 0;
        if (isFull && full.TryGetValue((from, count), out var known))
            return known;
        var k = Split(count);
        var hash = NodeHash(Hash(from, k), Hash(from + k, count - k));
        if (isFull)
            full[(from, count)] = hash;
        return hash;
    }

    /// <summary>PATH(index, D[0:size]): the inclusion proof, nearest sibling first.</summary>
    public List<byte[]> Inclusion(int index, int size) => Path(index, 0, size);

    /// <summary>PROOF(first, D[0:second]): the consistency proof; empty where one of the trees is empty or both are the same.</summary>
    public List<byte[]> Consistency(int first, int second) =>
        first == 0 || first == second ? [] : SubProof(first, 0, second, complete: true);

    /// <summary>Another history: the same tree but for its first leaf.</summary>
    public MerkleTree Fork(byte[] firstLeaf)
    {
        var fork = new MerkleTree();
        fork.leaves.Add(firstLeaf);
        fork.leaves.AddRange(leaves.Skip(1));
        return fork;
    }

    private List<byte[]> Path(int index, int from, int count)
    {
        if (count == 1)
            return [];
        var k = Split(count);
        return index < k
            ? [.. Path(index, from, k), Hash(from + k, count - k)]
            : [.. Path(index - k, from + k, count - k), Hash(from, k)];
    }

    private List<byte[]> SubProof(int first, int from, int count, bool complete)
    {
        if (first == count)
            return complete ? [] : [Hash(from, count)];
        var k = Split(count);
        return first <= k
            ? [.. SubProof(first, from, k, complete), Hash(from + k, count - k)]
            : [.. SubProof(first - k, from + k, count - k, complete: false), Hash(from, k)];
    }

    // The largest power of two smaller than the count.
    private static int Split(int count) => 1 << BitOperations.Log2((uint)count - 1);
}
