using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>One epoch of a tenant's log, as its rows say.</summary>
/// <param name="Origin">The name in its leaves and checkpoints; fixed when the epoch opened.</param>
/// <param name="IsPublic">Whether <c>/log/{tenant}/…</c> answers without a token.</param>
/// <param name="State">The tenant's: <c>active</c> or <c>suspended</c>.</param>
/// <param name="NextSeq">Entries so far, covered by a checkpoint or not.</param>
/// <param name="Halted">The slug of the problem that appends answer with, or null while the log is sound.</param>
public sealed record LogView(TenantId Tenant, int Epoch, string Origin, bool IsPublic, string State, long NextSeq, string? Halted);

/// <summary>Which logs there are.</summary>
public sealed class LogReader(LedgerDatabase database)
{
    /// <summary>A tenant's log; without an epoch, the current one. Null where there is none.</summary>
    public async Task<LogView?> FindAsync(TenantId tenant, int? epoch, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT h.epoch, h.origin, t.log_public, t.state, h.next_seq, h.halted
              FROM tenants t JOIN chain_heads h ON h.tenant_id = t.tenant_id AND h.epoch = COALESCE($2, t.current_epoch::bigint)
             WHERE t.tenant_id = $1
            """, cancel, Text(tenant.Value), Long(epoch));
        if (!await reader.ReadAsync(cancel)) return null;
        return new LogView(tenant, reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetInt64(4),
            reader.GetTextOrNull(5));
    }
}
