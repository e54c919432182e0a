using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>What the job of an invitation's mail reads and writes.</summary>
public sealed class InvitationMails(LedgerDatabase database, JobQueue queue, TimeProvider time)
{
    public async Task<(Invitation? Invitation, Person? Person)> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await PersonRows.FindInvitationAsync(transaction, tenant, id, cancel) is not { } invitation) return default;
        return (invitation, await PersonRows.FindAsync(transaction, tenant, invitation.PersonId, cancel));
    }

    /// <summary>Keeps a code's hash in the place of the one before.</summary>
    /// <returns>When the code ends; null where the invitation is not open any more, or another mail is wanted.</returns>
    public async Task<DateTimeOffset?> RecordAsync(Invitation invitation, InvitationCode code, TimeSpan lifetime, CancellationToken cancel)
    {
        var expires = time.GetUtcNow() + lifetime;
        await using var transaction = await database.BeginAsync(invitation.Tenant, cancel);
        var kept = await transaction.ExecuteAsync("""
            UPDATE invitations SET token_hash = $3, expires_at = $4
             WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'sent') AND generation = $5
            """, cancel, Text(invitation.Tenant.Value), Id(invitation.Id), Bytes(code.Hash), Time(expires), Int(invitation.Generation));
        await transaction.CommitAsync(cancel);
        return kept == 1 ? expires : null;
    }

    /// <summary>Says that the mail is out, and ends the job unless another one is wanted already.</summary>
    /// <returns>False where the job has to go again.</returns>
    /// <exception cref="JobLeaseLostException"/>
    public async Task<bool> SentAsync(Job job, Invitation invitation, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        await transaction.ExecuteAsync("""
            UPDATE invitations SET state = 'sent', sent_generation = $3, sent_at = $4
             WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'sent')
            """, cancel, Text(job.Tenant.Value), Id(invitation.Id), Int(invitation.Generation), Time(time.GetUtcNow()));
        var now = await PersonRows.FindInvitationAsync(transaction, job.Tenant, invitation.Id, cancel);
        var isLast = now is not { IsOpen: true } || now.Generation == invitation.Generation;
        if (isLast) await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
        return isLast;
    }

    /// <summary>Ends a job that has nothing to do.</summary>
    /// <exception cref="JobLeaseLostException"/>
    public async Task CompleteAsync(Job job, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
    }
}
