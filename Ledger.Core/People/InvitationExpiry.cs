using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Ends invitations whose code ran out: refused it is from that instant on, here its user is removed. Any number of processes may do
/// it at once.</summary>
public sealed class InvitationExpiry(LedgerDatabase database, InvitationStore invitations, TimeProvider time)
{
    /// <summary>Invitations in one step.</summary>
    public const int PerStep = 100;

    /// <returns>How many ran out.</returns>
    public async Task<int> StepAsync(CancellationToken cancel)
    {
        var lapsed = await FindAsync(cancel);
        foreach (var invitation in lapsed) await ExpireAsync(invitation, cancel);
        return lapsed.Count;
    }

    private async Task<List<Invitation>> FindAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT {Invitation.Columns} FROM invitations i WHERE i.state IN ('pending', 'sent') AND i.expires_at <= $1
             ORDER BY i.expires_at LIMIT {PerStep}
            """, cancel, Time(time.GetUtcNow()));
        var lapsed = new List<Invitation>();
        while (await reader.ReadAsync(cancel)) lapsed.Add(Invitation.Read(reader));
        return lapsed;
    }

    private async Task ExpireAsync(Invitation invitation, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var transaction = await database.BeginAsync(invitation.Tenant, cancel);
        await PersonRows.HoldAsync(transaction, invitation.Tenant, invitation.PersonId, cancel);
        var expired = await transaction.ExecuteAsync("""
            UPDATE invitations SET state = 'expired'
             WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'sent') AND expires_at <= $3
            """, cancel, Text(invitation.Tenant.Value), Id(invitation.Id), Time(now));
        if (expired == 1) await invitations.WithdrawAsync(transaction, invitation, now, cancel);
        await transaction.CommitAsync(cancel);
    }
}
