using System.Numerics;
using Ledger.Verify;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>RFC 6962's tree by its recursive definition, over bodies.</summary>
internal sealed class TestTree(IReadOnlyList<byte[]> bodies)
{
    public Digest Root(int size) => Hash(0, size);

    /// <summary>PATH(index, D[size]).</summary>
    public List<Digest> Inclusion(int index, int size) => Path(index, 0, size);

    /// <summary>The hashes of a tile, its path parsed.</summary>
    public byte[] Tile(TileId tile)
    {
        var span = 1 << (Tiles.Height * tile.Level);
        var first = (int)tile.Index * Tiles.FullWidth;
        return [.. Enumerable.Range(first, tile.Width).SelectMany(i => Hash(i * span, (i + 1) * span).ToArray())];
    }

    private Digest Hash(int start, int end)
    {
        if (end == start) return MerkleHash.EmptyRoot;
        if (end == start + 1) return MerkleHash.Leaf(bodies[start]);
        var middle = start + Split(end - start);
        return MerkleHash.Node(Hash(start, middle), Hash(middle, end));
    }

    private List<Digest> Path(int index, int start, int end)
    {
        if (end == start + 1) return [];
        var middle = start + Split(end - start);
        return index < middle ? [.. Path(index, start, middle), Hash(middle, end)] : [.. Path(index, middle, end), Hash(start, middle)];
    }

    private static int Split(int count) => 1 << BitOperations.Log2((uint)(count - 1));
}
