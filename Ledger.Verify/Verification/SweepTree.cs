using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Nodes of a log's tree out of its tiles, as many as a root or a proof needs. The tiles are only believed once a proof from them leads to
/// a signed root. Keeps a bounded number of tiles; not thread safe.
/// </summary>
/// <param name="folder">The log's files.</param>
/// <param name="size">The size of the newest checkpoint: what the tiles on the right edge are as wide as.</param>
internal sealed class SweepTree(LogFolder folder, long size)
{
    private const int TilesKept = 512;

    private readonly Dictionary<TileId, byte[]> _tiles = [];

    public long Size => size;

    /// <summary>The file that was missing or too short when a method here answered null.</summary>
    public string? Missing { get; private set; }

    /// <summary>The root of the first leaves; null when a tile is missing.</summary>
    public Digest? Root(long leaves) => Nodes(TreeRoot.Plan(leaves)) is { } nodes ? TreeRoot.Build(leaves, nodes) : null;

    /// <summary>That the larger tree begins with the smaller; null when a tile is missing.</summary>
    public Digest[]? Consistency(long from, long to) =>
        Nodes(ConsistencyProof.Plan(from, to)) is { } nodes ? ConsistencyProof.Build(from, to, nodes) : null;

    /// <summary>All leaf hashes in order; ends early when a tile is missing.</summary>
    public IEnumerable<Digest> Leaves()
    {
        for (long index = 0; index < size; index++)
        {
            if (Node(new NodeId(0, index)) is not { } leaf) yield break;
            yield return leaf;
        }
    }

    private Digest[]? Nodes(IReadOnlyList<NodeId> plan)
    {
        var nodes = new Digest[plan.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (Node(plan[i]) is not { } node) return null;
            nodes[i] = node;
        }

        return nodes;
    }

    private Digest? Node(NodeId node)
    {
        var tile = Tiles.Holding(node, size);
        if (!_tiles.TryGetValue(tile, out var hashes))
        {
            hashes = FsckTiles.Read(folder, tile.Path, tile.Width * Digest.Size);
            if (hashes is null || hashes.Length != tile.Width * Digest.Size)
            {
                Missing = tile.Path;
                return null;
            }

            // Sizes ascend, so what was read last is what is read next.
            if (_tiles.Count == TilesKept) _tiles.Clear();
            _tiles[tile] = hashes;
        }

        return Tiles.Node(tile, hashes, node);
    }
}
