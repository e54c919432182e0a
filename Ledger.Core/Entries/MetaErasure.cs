using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Erases an entry's metadata and salt. The entry stays, and so does every proof: they hold only the commitment.</summary>
public sealed class MetaErasure(LedgerDatabase database, AuditOutbox audit)
{
    // The tenant's row is kept to the end: a suspension waits for what is under way, and what comes after it is refused.
    private const string FindSql = """
        SELECT e.epoch, e.seq, t.state FROM chain_entries e JOIN tenants t ON t.tenant_id = e.tenant_id
         WHERE e.tenant_id = $1 AND e.id = $2 FOR SHARE OF t
        """;

    /// <summary>Deletes, forgets the request bodies that carried it, and records who did it, in one transaction.
    /// Erasing twice is as good as once.</summary>
    /// <returns>False where the tenant has no such entry.</returns>
    /// <exception cref="LedgerProblemException">tenant-suspended.</exception>
    public async Task<bool> EraseAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        int epoch;
        long seq;
        await using (var reader = await transaction.QueryAsync(
            FindSql, cancel, Text(tenant.Value), Id(id)))
        {
            if (!await reader.ReadAsync(cancel)) return false;
            Suspension.Refuse(TenantStates.Parse(reader.GetString(2)));
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
