using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Erases an entry's metadata and salt. The entry stays, and so does every proof: they hold only the commitment.</summary>
public sealed class MetaErasure(LedgerDatabase database, AuditOutbox audit)
{
    /// <summary>Deletes, forgets the request bodies that carried it, and records who did it, in one transaction.
    /// Erasing twice is as good as once.</summary>
    /// <returns>False where the tenant has no such entry.</returns>
    public async Task<bool> EraseAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        int epoch;
        long seq;
        await using (var reader = await transaction.QueryAsync(
            "SELECT epoch, seq FROM chain_entries WHERE tenant_id = $1 AND id = $2", cancel, Text(tenant.Value), Id(id)))
        {
            if (!await reader.ReadAsync(cancel)) return false;
            (epoch, seq) = (reader.GetInt32(0), reader.GetInt64(1));
        }
        var erased = await transaction.ExecuteAsync(
            "DELETE FROM entry_meta WHERE tenant_id = $1 AND epoch = $2 AND seq = $3", cancel,
            Text(tenant.Value), Int(epoch), Long(seq));
        await IdempotencyStore.EraseAsync(transaction, tenant, epoch, seq, cancel);
        if (erased > 0) await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "entry.meta.erase", id.ToString()), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
