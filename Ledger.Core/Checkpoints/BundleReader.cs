using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Everything needed to verify one entry, read in two round trips: the entry with its checkpoint, then the tiles of its
/// proof.</summary>
public sealed class BundleReader(LedgerDatabase database)
{
    private const string EntrySql = $"""
        SELECT {EntryRow.Columns}, h.origin, m.meta, m.salt, c.note, c.tree_size, c.root
          FROM chain_entries e
          JOIN chain_heads h ON h.tenant_id = e.tenant_id AND h.epoch = e.epoch
          JOIN LATERAL (SELECT k.note, k.tree_size, k.root FROM checkpoints k
                         WHERE k.tenant_id = e.tenant_id AND k.epoch = e.epoch AND k.tree_size > e.seq
                         ORDER BY k.tree_size DESC LIMIT 1) c ON true
          LEFT JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
         WHERE e.tenant_id = $1 AND e.id = $2
        """;

    /// <summary>The entry as one file. Null where there is no such entry, or no checkpoint that covers it yet.</summary>
    public async Task<Bundle?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel) =>
        (await ProveAsync(tenant, id, cancel))?.ToBundle();

    /// <summary>The entry and its inclusion proof. Null where there is no such entry, or no checkpoint that covers it yet.</summary>
    public async Task<CoveredEntry?> ProveAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await ReadAsync(transaction, tenant, id, cancel) is not { Entry: var entry, TreeSize: var size } found) return null;
        var nodes = await TileReader.NodesAsync(transaction, tenant, entry.Epoch, InclusionProof.Plan(entry.Seq, size), size, cancel);
        return found with { Hashes = InclusionProof.Build(entry.Seq, size, nodes) };
    }

    private static async Task<CoveredEntry?> ReadAsync(LedgerTransaction transaction, TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(EntrySql, cancel, Text(tenant.Value), Id(id));
        if (!await reader.ReadAsync(cancel)) return null;
        const int at = EntryRow.ColumnCount;
        var meta = reader.GetBytesOrNull(at + 1) is { } value && reader.GetBytesOrNull(at + 2) is { } salt ? new BundleMeta(salt, value)
            : null;
        return new CoveredEntry(EntryRow.Read(reader), reader.GetString(at), meta, reader.GetString(at + 3), reader.GetInt64(at + 4),
            reader.GetDigest(at + 5), []);
    }
}
