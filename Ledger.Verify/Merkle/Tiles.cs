namespace Ledger.Verify.Merkle;

/// <summary>
/// Which tile holds a node, and the node out of a tile. A tile keeps the hashes of every eighth level; the seven levels between are hashed
/// from it again. https://c2sp.org/tlog-tiles
/// </summary>
// Example: a tree of 70 000 leaves has 273 full tiles and tile/0/273.p/112 on level 0, tile/1/000 and tile/1/001.p/17, tile/2/000.p/1.
public static class Tiles
{
    /// <summary>Tree levels from one tile level to the next.</summary>
    public const int Height = 8;

    /// <summary>Hashes of a full tile.</summary>
    public const int FullWidth = 1 << Height;

    /// <summary>The highest level a path can name.</summary>
    public const int MaxLevel = 63;

    /// <summary>
    /// The tile, as wide as a tree of <paramref name="treeSize"/> leaves has it, from which <see cref="Node"/> takes the node.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The node is not a complete subtree of that tree.</exception>
    public static TileId Holding(NodeId node, long treeSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node.Level);
        ArgumentOutOfRangeException.ThrowIfNegative(node.Index);
        if (node.Level > 62 || node.Index >= treeSize >> node.Level)
        {
            throw new ArgumentOutOfRangeException(nameof(node), $"{node} is not in a tree of {treeSize}.");
        }

        var level = node.Level / Height;
        var first = node.Index << (node.Level % Height);
        return At(level, first / FullWidth, treeSize);
    }

    /// <summary>Tile <paramref name="index"/> of a level, as wide as a tree of <paramref name="treeSize"/> leaves has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That tree has no such tile.</exception>
    public static TileId At(int level, long index, long treeSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var hashes = Hashes(level, treeSize);
        if (index > (hashes - 1) / FullWidth || hashes == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(index), $"A tree of {treeSize} has no tile {index} on level {level}.");
        }

        return new TileId(level, index, (int)Math.Min(FullWidth, hashes - index * FullWidth));
    }

    /// <summary>The node's hash, from the bytes of the tile that <see cref="Holding"/> named (or a wider version of it).</summary>
    /// <param name="tile">The tile the bytes are of.</param>
    /// <param name="tileHashes">32 × <see cref="TileId.Width"/> bytes.</param>
    /// <param name="node">A node whose hashes are all in the tile.</param>
    /// <exception cref="ArgumentException">The tile's bytes have another length, or the node is not in it.</exception>
    public static Digest Node(TileId tile, ReadOnlySpan<byte> tileHashes, NodeId node)
    {
        if (tileHashes.Length != tile.Width * Digest.Size)
        {
            throw new ArgumentException($"{tile.Path} is {tile.Width * Digest.Size} bytes, not {tileHashes.Length}.", nameof(tileHashes));
        }

        var count = 1 << (node.Level % Height);
        var start = node.Index * count - tile.Index * FullWidth;
        if (node.Level / Height != tile.Level || start < 0 || start + count > tile.Width)
        {
            throw new ArgumentException($"{node} is not in {tile.Path}.", nameof(node));
        }

        return Subtree(tileHashes.Slice((int)start * Digest.Size, count * Digest.Size));
    }

    /// <summary>
    /// The tiles that become full as the tree grows, level 0 first; each level's hashes are roots of tiles listed before or already full.
    /// </summary>
    public static IEnumerable<TileId> NewFullTiles(long fromSize, long toSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromSize, toSize);
        return Enumerate(fromSize, toSize);

        static IEnumerable<TileId> Enumerate(long fromSize, long toSize)
        {
            for (var level = 0; Hashes(level + 1, toSize) > 0; level++)
            {
                for (var index = Hashes(level + 1, fromSize); index < Hashes(level + 1, toSize); index++)
                {
                    yield return new TileId(level, index, FullWidth);
                }
            }
        }
    }

    /// <summary>Hashes that a tree has on a tile level; a full tile of one level is one hash of the next.</summary>
    private static long Hashes(int level, long treeSize) => level * Height > 62 ? 0 : treeSize >> (level * Height);

    private static Digest Subtree(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == Digest.Size) return new Digest(hashes);
        var half = hashes.Length / 2;
        return MerkleHash.Node(Subtree(hashes[..half]), Subtree(hashes[half..]));
    }
}
