using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Proofs and tiles of a log, for any size up to the newest signed one. Plan, read, build; at most two tiles are read per tile
/// level, never the log.</summary>
public sealed class ProofReader(LedgerDatabase database)
{
    /// <summary>RFC 6962 inclusion proof of an entry in the tree of <paramref name="size"/> entries, lowest node first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ seq &lt; size ≤ the newest signed size.</exception>
    public Task<Digest[]> InclusionAsync(TenantId tenant, int epoch, long seq, long size, CancellationToken cancel) =>
        BuildAsync(tenant, epoch, size, InclusionProof.Plan(seq, size), nodes => InclusionProof.Build(seq, size, nodes), cancel);

    /// <summary>RFC 6962 consistency proof between two sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ from ≤ to ≤ the newest signed size.</exception>
    public Task<Digest[]> ConsistencyAsync(TenantId tenant, int epoch, long from, long to, CancellationToken cancel) =>
        BuildAsync(tenant, epoch, to, ConsistencyProof.Plan(from, to), nodes => ConsistencyProof.Build(from, to, nodes), cancel);

    /// <summary>A tile's hashes, 32 × width; null where no signed tree has it. https://c2sp.org/tlog-tiles</summary>
    public async Task<byte[]?> TileAsync(TenantId tenant, int epoch, TileId tile, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (!IsWithin(tile, await SignedSizeAsync(transaction, tenant, epoch, cancel))) return null;
        return (await TileReader.ReadAsync(transaction, tenant, epoch, [tile], cancel))[tile];
    }

    /// <summary>The leaves under a level-0 tile, each with its length as two big-endian bytes before it; null where no signed tree has
    /// them.</summary>
    public async Task<byte[]?> EntryBundleAsync(TenantId tenant, int epoch, long index, int width, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (!IsWithin(new TileId(0, index, width), await SignedSizeAsync(transaction, tenant, epoch, cancel))) return null;
        await using var reader = await transaction.QueryAsync($"""
            SELECT {EntryRow.Columns}, h.origin FROM chain_entries e JOIN chain_heads h ON h.tenant_id = e.tenant_id AND h.epoch = e.epoch
             WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq >= $3 AND e.seq < $4 ORDER BY e.seq
            """, cancel, Text(tenant.Value), Int(epoch), Long(index * Tiles.FullWidth), Long(index * Tiles.FullWidth + width));
        var leaves = new List<byte[]>(width);
        while (await reader.ReadAsync(cancel)) leaves.Add(EntryRow.Read(reader).ToLeaf(reader.GetString(EntryRow.ColumnCount)).ToBytes());
        if (leaves.Count != width)
            throw new InvalidDataException($"{tenant} epoch {epoch}: entry bundle {index} has {leaves.Count} of {width} entries.");
        return EntryBundle.Write(leaves);
    }

    private async Task<Digest[]> BuildAsync(
        TenantId tenant, int epoch, long size, IReadOnlyList<NodeId> plan, Func<Digest[], Digest[]> build, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var signed = await SignedSizeAsync(transaction, tenant, epoch, cancel) ?? 0;
        if (size > signed) throw new ArgumentOutOfRangeException(nameof(size),
            $"Only the first {signed} entries are covered by a checkpoint.");
        return build(await TileReader.NodesAsync(transaction, tenant, epoch, plan, size, cancel));
    }

    // Leaves that no checkpoint covers are not shown: they could still be lost with the database, and nobody could tell.
    private static bool IsWithin(TileId tile, long? signedSize)
    {
        if (signedSize is not { } size || tile.Level is < 0 or > 6 || tile.Index < 0 || tile.Width is < 1 or > Tiles.FullWidth)
            return false;
        var hashes = size >> (tile.Level * Tiles.Height);
        return tile.Index <= hashes / Tiles.FullWidth && tile.Index * Tiles.FullWidth + tile.Width <= hashes;
    }

    private static async Task<long?> SignedSizeAsync(LedgerTransaction transaction, TenantId tenant, int epoch, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT tree_size FROM tree_heads WHERE tenant_id = $1 AND epoch = $2",
            cancel, Text(tenant.Value), Int(epoch));
        return await reader.ReadAsync(cancel) ? reader.GetInt64(0) : null;
    }
}
