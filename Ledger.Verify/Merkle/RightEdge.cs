using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>
/// The complete subtrees along a tree's right edge: all that appending needs to know of the log, however long it is. One hash per set bit
/// of
/// the size, so at most 53. Not thread safe; its owner is whoever holds the tenant's integrator lease.
/// </summary>
public sealed class RightEdge
{
    // The largest subtree first: appending touches the end only.
    private readonly List<Digest> _subtrees;

    public RightEdge() : this(0, [])
    {
    }

    private RightEdge(long size, List<Digest> subtrees) => (Size, _subtrees) = (size, subtrees);

    /// <summary>Leaves appended so far.</summary>
    public long Size { get; private set; }

    /// <summary>
    /// Restores what <see cref="ToBytes"/> wrote. The hashes are as trustworthy as where they were kept: compare <see cref="Root"/> with a
    /// signed one.
    /// </summary>
    /// <exception cref="FormatException">Not 32 bytes for each set bit of <paramref name="size"/>.</exception>
    public static RightEdge Restore(long size, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var count = BitOperations.PopCount((ulong)size);
        if (bytes.Length != count * Digest.Size)
        {
            throw new FormatException($"The right edge of {size} leaves is {count * Digest.Size} bytes, not {bytes.Length}.");
        }

        var subtrees = new List<Digest>(count + 1);
        for (; !bytes.IsEmpty; bytes = bytes[Digest.Size..]) subtrees.Add(new Digest(bytes[..Digest.Size]));
        return new RightEdge(size, subtrees);
    }

    public void Append(in Digest leafHash)
    {
        // Like a carry in binary addition: each trailing one of the size is a subtree that now has its right half.
        var subtree = leafHash;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            subtree = MerkleHash.Node(_subtrees[^1], subtree);
            _subtrees.RemoveAt(_subtrees.Count - 1);
        }

        _subtrees.Add(subtree);
        Size++;
    }

    public Digest Root()
    {
        if (_subtrees.Count == 0) return MerkleHash.EmptyRoot;
        var root = _subtrees[^1];
        for (var i = _subtrees.Count - 2; i >= 0; i--) root = MerkleHash.Node(_subtrees[i], root);
        return root;
    }

    /// <summary>32 bytes for each set bit of <see cref="Size"/>, the largest subtree first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_subtrees.Count * Digest.Size];
        for (var i = 0; i < _subtrees.Count; i++) _subtrees[i].CopyTo(bytes.AsSpan(i * Digest.Size));
        return bytes;
    }
}
