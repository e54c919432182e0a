using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Rebuilds root and tiles from leaves given in order, whatever the log's length in constant memory: one open tile per level. Each tile is
/// handed out when it is full, the partial ones by <see cref="Finish"/>. Not thread safe.
/// </summary>
/// <param name="onTile">Receives each tile with its bytes, 32 × width.</param>
internal sealed class RebuiltTree(Action<TileId, byte[]> onTile)
{
    private readonly RightEdge _tree = new();
    private readonly List<OpenTile> _levels = [];

    public long Size => _tree.Size;

    public Digest Root() => _tree.Root();

    public void Append(in Digest leafHash)
    {
        _tree.Append(leafHash);
        Push(0, leafHash);
    }

    public void Finish()
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Hashes.Count > 0)
                onTile(new TileId(level, _levels[level].Index, _levels[level].Hashes.Count), _levels[level].ToBytes());
        }
    }

    private void Push(int level, in Digest hash)
    {
        if (level == _levels.Count) _levels.Add(new OpenTile());
        var open = _levels[level];
        open.Hashes.Add(hash);
        if (open.Hashes.Count < Tiles.FullWidth) return;

        onTile(new TileId(level, open.Index, Tiles.FullWidth), open.ToBytes());
        var root = open.Root();
        open.Hashes.Clear();
        open.Index++;
        Push(level + 1, root);
    }

    private sealed class OpenTile
    {
        public long Index { get; set; }

        public List<Digest> Hashes { get; } = new(Tiles.FullWidth);

        public Digest Root()
        {
            var edge = new RightEdge();
            foreach (var hash in Hashes) edge.Append(hash);
            return edge.Root();
        }

        public byte[] ToBytes()
        {
            var bytes = new byte[Hashes.Count * Digest.Size];
            for (var i = 0; i < Hashes.Count; i++) Hashes[i].CopyTo(bytes.AsSpan(i * Digest.Size));
            return bytes;
        }
    }
}
