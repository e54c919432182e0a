using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Accepts an invitation by its code. Whatever is wrong with a code, the answer is one and the same: it tells nothing of tenants,
/// addresses or what became of an invitation.</summary>
public sealed class InvitationAcceptance(LedgerDatabase database, PersonJobs jobs, AuditOutbox audit, TimeProvider time)
{
    /// <summary>Lets the person in: from the next application on they sign in. Audited as <c>invitation.accept</c> by
    /// <c>person:ID</c>.</summary>
    /// <exception cref="LedgerProblemException">invitation-invalid: malformed, unknown, expired, used, revoked, replaced by a newer mail,
    /// or of a tenant that is suspended.</exception>
    public async Task AcceptAsync(string text, CancellationToken cancel)
    {
        if (!InvitationCode.TryParse(text, out var code)) throw Invalid();
        await using var transaction = await database.BeginAsync(code.Tenant, cancel);
        var invitation = await FindAsync(transaction, code, cancel);
        if (!code.IsOf(invitation?.TokenHash)) throw Invalid();

        // From here on the caller holds a code that was ours once. The rows are held before they are judged: of two who accept, one does,
        // and none in a tenant that is being suspended.
        var now = time.GetUtcNow();
        var limits = await TenantLimits.HoldAsync(transaction, code.Tenant, cancel);
        if (limits.State != TenantState.Active) throw Invalid();
        await PersonRows.HoldAsync(transaction, code.Tenant, invitation!.Person, cancel);
        var accepted = await transaction.ExecuteAsync("""
            UPDATE invitations i SET state = 'accepted', accepted_at = $4
             WHERE i.tenant_id = $1 AND i.id = $2 AND i.state IN ('pending', 'sent') AND i.token_hash = $3 AND i.expires_at > $4
            """, cancel, Text(code.Tenant.Value), Id(code.Invitation), Bytes(code.Hash), Time(now));
        if (accepted == 0) throw Invalid();
        await transaction.ExecuteAsync("""
            UPDATE people SET enabled = true, joined_at = $3, changed_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2
            """, cancel, Text(code.Tenant.Value), Id(invitation.Person), Time(now));
        await audit.WriteAsync(transaction, code.Tenant,
            new AuditEvent($"person:{invitation.Person}", "invitation.accept", code.Invitation.ToString()), cancel);
        await jobs.ApplyAsync(transaction, code.Tenant, invitation.Person, cancel);
        await transaction.CommitAsync(cancel);
    }

    // The one place that reads the hash: whoever shows invitations has no use for it.
    private static async Task<Kept?> FindAsync(LedgerTransaction transaction, InvitationCode code, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            "SELECT person_id, token_hash FROM invitations WHERE tenant_id = $1 AND id = $2", cancel, Text(code.Tenant.Value),
            Id(code.Invitation));
        return await reader.ReadAsync(cancel) ? new Kept(reader.GetGuid(0), reader.GetBytesOrNull(1)) : null;
    }

    /// <param name="TokenHash">SHA-256 of the newest code; null before the first.</param>
    private sealed record Kept(Guid Person, byte[]? TokenHash);

    private static LedgerProblemException Invalid() =>
        new(ProblemTypes.InvitationInvalid, "The code cannot be used: ask for a new invitation.");
}
