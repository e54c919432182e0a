using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>The anchoring policy of tenants.</summary>
public sealed class AnchorPolicyStore(LedgerDatabase database, AuditOutbox audit)
{
    /// <summary>Null where there is no such tenant.</summary>
    public async Task<AnchorPolicy?> FindAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            $"SELECT {AnchorPolicy.Columns} FROM tenants t WHERE t.tenant_id = $1", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel) ? AnchorPolicy.Read(reader) : null;
    }

    /// <summary>Replaces a tenant's policy and records who did it, in one transaction. What was checked is the caller's.</summary>
    /// <returns>False where there is no such tenant.</returns>
    /// <exception cref="LedgerProblemException">tenant-suspended.</exception>
    public async Task<bool> ReplaceAsync(TenantId tenant, AnchorPolicy policy, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var changed = await transaction.ExecuteAsync("""
            UPDATE tenants SET anchor_policy = $2, anchor_entries = $3, anchor_seconds = $4, fail_mode = $5, max_age_seconds = $6
             WHERE tenant_id = $1 AND state <> 'suspended'
            """, cancel, Text(tenant.Value), Text(policy.Anchor.Name()), Int(policy.Entries), Int(policy.Seconds),
            Text(policy.Fail.Name()), Long(policy.MaxAgeSeconds));
        if (changed == 0)
        {
            await using var reader =
                await transaction.QueryAsync("SELECT state FROM tenants WHERE tenant_id = $1", cancel, Text(tenant.Value));
            if (await reader.ReadAsync(cancel)) Suspension.Refuse(TenantStates.Parse(reader.GetString(0)));
            return false;
        }
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "policy.change", policy.ToString()), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
