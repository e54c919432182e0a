using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Verification;

/// <summary>What the rows beside the entries say of a log, all of one instant.</summary>
/// <param name="LastSeq">The highest seq that has a row; −1 where there is none.</param>
internal sealed record ChainState(LogHeads Heads, Digest HeadHash, long LastSeq, ScrubState Scrub, StoredCheckpoint? Checkpoint)
{
    /// <summary>Of an epoch, or of the current one. Null where there is no such log.</summary>
    public static async Task<ChainState?> ReadAsync(LedgerTransaction transaction, TenantId tenant, int? epoch, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT h.epoch, h.origin, t.tree_size, t.root, t.right_edge, h.next_seq, h.halted, h.head_hash,
                   COALESCE((SELECT max(e.seq) FROM chain_entries e WHERE e.tenant_id = h.tenant_id AND e.epoch = h.epoch), -1),
                   {ScrubState.Columns}, {StoredCheckpoint.Columns}
              FROM tenants n
              JOIN chain_heads h ON h.tenant_id = n.tenant_id AND h.epoch = COALESCE($2, n.current_epoch::bigint)
              JOIN tree_heads t ON t.tenant_id = h.tenant_id AND t.epoch = h.epoch
              LEFT JOIN scrubs s ON s.tenant_id = h.tenant_id AND s.epoch = h.epoch
              LEFT JOIN LATERAL (SELECT k.* FROM checkpoints k WHERE k.tenant_id = h.tenant_id AND k.epoch = h.epoch
                                  ORDER BY k.tree_size DESC LIMIT 1) c ON true
             WHERE n.tenant_id = $1
            """, cancel, Text(tenant.Value), Long(epoch));
        if (!await reader.ReadAsync(cancel)) return null;
        var heads = new LogHeads(new LogId(tenant, reader.GetInt32(0)), reader.GetString(1), reader.GetInt64(2), reader.GetDigest(3),
            reader.GetFieldValue<byte[]>(4),
            reader.GetInt64(5), reader.GetTextOrNull(6));
        return new ChainState(heads, reader.GetDigest(7), reader.GetInt64(8),
            reader.IsDBNull(9) ? ScrubState.NotYet : ScrubState.Read(reader, 9), reader.IsDBNull(15) ? null
                : StoredCheckpoint.Read(reader, 15));
    }
}
