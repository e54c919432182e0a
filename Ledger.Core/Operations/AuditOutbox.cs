using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Operations;

/// <summary>Writes audit events beside what they tell of: same transaction, so neither is without the other.
/// The workers move them into the log.</summary>
public sealed class AuditOutbox(TimeProvider time, IdSource ids)
{
    public Task WriteAsync(LedgerTransaction transaction, TenantId tenant, AuditEvent what, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return transaction.ExecuteAsync("INSERT INTO audit_outbox (tenant_id, id, event, created_at) VALUES ($1, $2, $3, $4)", cancel,
            Text(tenant.Value), Id(ids.NewOrderedId(now)), Bytes(what.ToBytes(tenant, now)), Time(now));
    }
}
