using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>The static files of a v2 log: its tiles of hashes and its entries. https://c2sp.org/tlog-tiles</summary>
internal sealed class RekorV2Tiles(LogHttp http)
{
    /// <summary>The hashes of a plan's nodes, in its order, in the tree of <paramref name="size"/>.</summary>
    /// <exception cref="LogException">A tile is not there, or is not one.</exception>
    public async Task<Digest[]> NodesAsync(IReadOnlyList<NodeId> plan, long size, CancellationToken cancel)
    {
        var read = plan.Select(node => Tiles.Holding(node, size)).Distinct().ToDictionary(tile => tile, tile => TileAsync(tile, cancel));
        await Task.WhenAll(read.Values);
        var nodes = new Digest[plan.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var (tile, hashes) = await read[Tiles.Holding(plan[i], size)];
            nodes[i] = Tiles.Node(tile, hashes, plan[i]);
        }
        return nodes;
    }

    /// <summary>An entry's canonical body.</summary>
    /// <exception cref="LogException">It is not there, or is not in a bundle of entries.</exception>
    public async Task<byte[]> EntryAsync(long index, long size, CancellationToken cancel)
    {
        var hashes = Tiles.At(0, index / Tiles.FullWidth, size);
        var part = new EntryBundleId(hashes.Index, hashes.Width);
        var full = part with { Width = Tiles.FullWidth };
        var (width, bundle) = await ReadAsync((part.Path, part.Width), (full.Path, full.Width), LogLimits.EntryBundleBytes, cancel);
        return EntryBundle.TryRead(bundle, width, out var entries, out var failure) ? entries[(int)(index % Tiles.FullWidth)]
            : throw new LogException(LogFailureClass.Log, $"{part.Path}: {failure.Text()}", failure);
    }

    private async Task<(TileId Tile, byte[] Hashes)> TileAsync(TileId tile, CancellationToken cancel)
    {
        var full = tile with { Width = Tiles.FullWidth };
        var (width, hashes) = await ReadAsync((tile.Path, tile.Width), (full.Path, full.Width), LogLimits.TileBytes, cancel);
        return hashes.Length == width * Digest.Size ? (tile with { Width = width }, hashes)
            : throw new LogException(LogFailureClass.Log, $"{tile.Path}: {hashes.Length} bytes for {width} hashes");
    }

    // A partial tile goes away once the tree has the full one, which has its hashes too.
    private async Task<(int Width, byte[] Bytes)> ReadAsync(
        (string Path, int Width) part, (string Path, int Width) full, int most, CancellationToken cancel)
    {
        foreach (var (path, width) in part == full ? [full] : new[] { part, full })
        {
            var answer = await http.AskAsync(LogCall.Get($"api/v2/{path}", most, 200, 404) with { Accept = "*/*" }, cancel);
            if (answer.Status == 200) return (width, answer.Body);
        }
        throw new LogException(LogFailureClass.Network, $"{part.Path} is not there, though a checkpoint says so");
    }
}
