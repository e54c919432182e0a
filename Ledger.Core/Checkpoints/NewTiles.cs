using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Merkle;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>The tiles that become full between two sizes.</summary>
internal static class NewTiles
{
    /// <param name="leaves">Leaf hashes from <paramref name="firstLeaf"/> on, which is the start of the tile that holds entry
    /// <paramref name="from"/>.</param>
    public static async Task<IReadOnlyList<NewTile>> MakeAsync(
        LedgerTransaction transaction, LogId log, long from, long to, long firstLeaf, IReadOnlyList<Digest> leaves,
            CancellationToken cancel)
    {
        var made = new List<NewTile>();
        var roots = new Dictionary<(int Level, long Index), Digest>();
        foreach (var id in Tiles.NewFullTiles(from, to))
        {
            var first = id.Index * Tiles.FullWidth;
            var hashes = id.Level == 0
                ? Enumerable.Range(0, id.Width).Select(i => leaves[(int)(first - firstLeaf) + i]).ToArray()
                : await BelowAsync(transaction, log, id, roots, cancel);
            var tile = new NewTile(id, Join(hashes), RootOf(hashes));
            roots[(id.Level, id.Index)] = tile.Root;
            made.Add(tile);
        }
        return made;
    }

    // A tile above the leaves holds the roots of the tiles below: some made in this step, the others stored before.
    private static async Task<Digest[]> BelowAsync(
        LedgerTransaction transaction, LogId log, TileId id, Dictionary<(int Level, long Index), Digest> made, CancellationToken cancel)
    {
        var first = id.Index * Tiles.FullWidth;
        await using (var reader = await transaction.QueryAsync(
            "SELECT idx, root FROM tiles WHERE tenant_id = $1 AND epoch = $2 AND level = $3 AND idx >= $4 AND idx < $5", cancel,
            Text(log.Tenant.Value), Int(log.Epoch), Int(id.Level - 1), Long(first), Long(first + id.Width)))
            while (await reader.ReadAsync(cancel)) made.TryAdd((id.Level - 1, reader.GetInt64(0)), reader.GetDigest(1));
        return [.. Enumerable.Range(0, id.Width).Select(i => made.TryGetValue((id.Level - 1, first + i), out var root) ? root
            : throw new InvalidDataException($"{log}: {new TileId(id.Level - 1, first + i, Tiles.FullWidth).Path} is not stored."))];
    }

    private static Digest RootOf(Digest[] hashes)
    {
        var edge = new RightEdge();
        foreach (var hash in hashes) edge.Append(hash);
        return edge.Root();
    }

    private static byte[] Join(Digest[] hashes)
    {
        var bytes = new byte[hashes.Length * Digest.Size];
        for (var i = 0; i < hashes.Length; i++) hashes[i].CopyTo(bytes.AsSpan(i * Digest.Size));
        return bytes;
    }
}
