using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>What a checkpoint job has before it: one epoch of a tenant's log, seen from one transparency log.</summary>
/// <param name="IsCurrent">Whether it is the epoch that is written to.</param>
/// <param name="Halted">The slug of what the integrator found; null while the log is sound.</param>
/// <param name="Checkpoint">The newest one, or that of the asked size; null while there is none.</param>
/// <param name="Note">The checkpoint's stored note; null while there is none.</param>
/// <param name="Covered">The highest size that the transparency log holds; 0 for none.</param>
internal sealed record AnchorableLog(AnchorMode Policy, bool IsCurrent, string? Halted, Checkpoint? Checkpoint, string? Note,
    long Covered)
{
    private const string FindSql = """
        SELECT t.anchor_policy, h.halted, h.origin, k.tree_size, k.root,
               COALESCE((SELECT max(a.position) FROM anchors a
                          WHERE a.tenant_id = $1 AND a.epoch = $2 AND a.kind = 'checkpoint' AND a.tl_log_id = $3), 0),
               t.current_epoch = $2, k.note
          FROM tenants t
          JOIN chain_heads h ON h.tenant_id = t.tenant_id AND h.epoch = $2
          LEFT JOIN LATERAL (SELECT c.tree_size, c.root, c.note FROM checkpoints c
                              WHERE c.tenant_id = $1 AND c.epoch = $2 AND ($4::bigint IS NULL OR c.tree_size = $4)
                              ORDER BY c.tree_size DESC LIMIT 1) k ON true
         WHERE t.tenant_id = $1
        """;

    /// <param name="size">Of a chosen checkpoint; null for the newest.</param>
    public static async Task<AnchorableLog?> FindAsync(LedgerDatabase database, TenantId tenant, int epoch, string transparencyLog,
        long? size, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(FindSql, cancel, Text(tenant.Value), Int(epoch), Text(transparencyLog),
            Long(size));
        if (!await reader.ReadAsync(cancel)) return null;
        return new AnchorableLog(AnchorPolicyNames.AnchorOf(reader.GetString(0))!.Value, reader.GetBoolean(6), reader.GetTextOrNull(1),
            reader.IsDBNull(3) ? null : new Checkpoint(reader.GetString(2), reader.GetInt64(3), reader.GetDigest(4)),
            reader.GetTextOrNull(7), reader.GetInt64(5));
    }
}
