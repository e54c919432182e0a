using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Ends invitations whose code ran out: refused it is from that instant on, here its user is removed. Any number of processes
/// may do it at once.</summary>
public sealed class InvitationExpiry(LedgerDatabase database, InvitationStore invitations, TimeProvider time)
{
    /// <summary>Invitations in one step.</summary>
    public const int PerStep = 100;

    /// <returns>How many ran out.</returns>
    public async Task<int> StepAsync(CancellationToken cancel)
    {
        var lapsed = await FindAsync(cancel);
        foreach (var (tenant, id) in lapsed) await ExpireAsync(tenant, id, cancel);
        return lapsed.Count;
    }

    private async Task<List<(TenantId Tenant, Guid Id)>> FindAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT tenant_id, id FROM invitations WHERE state IN ('pending', 'sent') AND expires_at <= $1
             ORDER BY expires_at LIMIT {PerStep}
            """, cancel, Time(time.GetUtcNow()));
        var lapsed = new List<(TenantId, Guid)>();
        while (await reader.ReadAsync(cancel)) lapsed.Add((TenantId.Parse(reader.GetString(0)), reader.GetGuid(1)));
        return lapsed;
    }

    private async Task ExpireAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await InvitationStore.HoldAsync(transaction, tenant, id, cancel) is not { } invitation) return;
        var expired = await transaction.ExecuteAsync("""
            UPDATE invitations SET state = 'expired'
             WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'sent') AND expires_at <= $3
            """, cancel, Text(tenant.Value), Id(id), Time(now));
        if (expired == 1) await invitations.WithdrawAsync(transaction, invitation, now, cancel);
        await transaction.CommitAsync(cancel);
    }
}
