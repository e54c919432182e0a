using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Merkle;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Tiles of a log inside one transaction, in one round trip. Full ones are rows; partial ones are made: level 0 from leaf rows,
/// higher levels from the roots of the full tiles below, all of which are stored.</summary>
internal static class TileReader
{
    /// <summary>The bytes of each tile, 32 × width.</summary>
    /// <exception cref="InvalidDataException">A row is missing that a tree with these tiles must have.</exception>
    public static async Task<IReadOnlyDictionary<TileId, byte[]>> ReadAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, IEnumerable<TileId> tiles, CancellationToken cancel)
    {
        var wanted = tiles.Distinct().ToList();
        var found = new Dictionary<TileId, byte[]>(wanted.Count);
        if (wanted.Count == 0) return found;

        await using var batch = transaction.Batch();
        foreach (var tile in wanted) Add(batch, tenant, epoch, tile);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        for (var i = 0; i < wanted.Count; i++)
        {
            if (i > 0) await reader.NextResultAsync(cancel);
            var bytes = new byte[wanted[i].Width * Digest.Size];
            var at = 0;
            while (await reader.ReadAsync(cancel))
            {
                var part = reader.GetFieldValue<byte[]>(0);
                part.CopyTo(bytes.AsSpan(at));
                at += part.Length;
            }
            found[wanted[i]] = at == bytes.Length ? bytes
                : throw new InvalidDataException($"{tenant} epoch {epoch}: {wanted[i].Path} has {at} of {bytes.Length} bytes.");
        }
        return found;
    }

    /// <summary>The hashes of a plan's nodes, in its order, in a tree of <paramref name="size"/> leaves.</summary>
    public static async Task<Digest[]> NodesAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, IReadOnlyList<NodeId> plan, long size, CancellationToken cancel)
    {
        var holding = plan.Select(node => Tiles.Holding(node, size)).ToArray();
        var tiles = await ReadAsync(transaction, tenant, epoch, holding, cancel);
        return [.. plan.Select((node, i) => Tiles.Node(holding[i], tiles[holding[i]], node))];
    }

    /// <summary>The root of the first <paramref name="size"/> leaves.</summary>
    public static async Task<Digest> RootAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long size,
        CancellationToken cancel) =>
        TreeRoot.Build(size, await NodesAsync(transaction, tenant, epoch, TreeRoot.Plan(size), size, cancel));

    private static void Add(LedgerBatch batch, TenantId tenant, int epoch, TileId tile)
    {
        var first = tile.Index * Tiles.FullWidth;
        if (tile.IsFull)
            batch.Add("SELECT hashes FROM tiles WHERE tenant_id = $1 AND epoch = $2 AND level = $3 AND idx = $4",
                Text(tenant.Value), Int(epoch), Int(tile.Level), Long(tile.Index));
        else if (tile.Level == 0)
            batch.Add("SELECT leaf_hash FROM chain_entries WHERE tenant_id = $1 AND epoch = $2 AND seq >= $3 AND seq < $4 ORDER BY seq",
                Text(tenant.Value), Int(epoch), Long(first), Long(first + tile.Width));
        else
            batch.Add("SELECT root FROM tiles WHERE tenant_id = $1 AND epoch = $2 AND level = $3 AND idx >= $4 AND idx < $5 ORDER BY idx",
                Text(tenant.Value), Int(epoch), Int(tile.Level - 1), Long(first), Long(first + tile.Width));
    }
}
