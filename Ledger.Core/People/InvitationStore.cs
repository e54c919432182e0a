using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>A tenant's invitations: shown, mailed again, revoked.</summary>
public sealed class InvitationStore(LedgerDatabase database, Invitations invitations, PersonJobs jobs, AuditOutbox audit, TimeProvider time)
{
    /// <summary>As <see cref="Invitations.InviteAsync"/>, in a transaction of its own.</summary>
    /// <exception cref="LedgerProblemException">The same.</exception>
    public async Task<Invitation> InviteAsync(TenantId tenant, NewPerson person, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var invitation = await invitations.InviteAsync(transaction, tenant, person, by, cancel);
        await transaction.CommitAsync(cancel);
        return invitation;
    }

    /// <summary>Newest first, after a place where one is given.</summary>
    public async Task<IReadOnlyList<Invitation>> ListAsync(TenantId tenant, (DateTimeOffset CreatedAt, Guid Id)? after, int limit,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT {Invitation.Columns} FROM {Invitation.Source}
             WHERE i.tenant_id = $1 AND ($2::timestamptz IS NULL OR (i.created_at, i.id) < ($2, $3))
             ORDER BY i.created_at DESC, i.id DESC LIMIT $4
            """, cancel, Text(tenant.Value), Time(after?.CreatedAt), Id(after?.Id ?? Guid.Empty), Int(limit));
        var found = new List<Invitation>();
        while (await reader.ReadAsync(cancel)) found.Add(Invitation.Read(reader));
        return found;
    }

    public async Task<Invitation?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await PersonRows.FindInvitationAsync(transaction, tenant, id, cancel);
    }

    /// <summary>Makes its code worthless and has its user removed; audited. Revoking twice is as good as once.</summary>
    /// <returns>Null where the tenant has no such invitation.</returns>
    /// <exception cref="LedgerProblemException">forbidden; invitation-closed: it was accepted.</exception>
    public async Task<Invitation?> RevokeAsync(TenantId tenant, Guid id, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await TenantLimits.HoldAsync(transaction, tenant, cancel);
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        if (await HoldAsync(transaction, tenant, id, cancel) is not { } invitation) return null;
        if (invitation.State == InvitationState.Accepted) throw Closed("It was accepted: disable the person instead.");
        if (!invitation.IsOpen) return invitation;
        var now = time.GetUtcNow();
        await transaction.ExecuteAsync("UPDATE invitations SET state = 'revoked', revoked_at = $3 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id), Time(now));
        await WithdrawAsync(transaction, invitation, now, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(by.Principal, "invitation.revoke", id.ToString()), cancel);
        await transaction.CommitAsync(cancel);
        return invitation with { State = InvitationState.Revoked, RevokedAt = now };
    }

    /// <summary>Has another mail sent, with a code that replaces the one before; audited.</summary>
    /// <returns>Null where the tenant has no such invitation.</returns>
    /// <exception cref="LedgerProblemException">forbidden, tenant-suspended, invitation-closed, resend-limited.</exception>
    public async Task<Invitation?> ResendAsync(TenantId tenant, Guid id, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var limits = await TenantLimits.HoldAsync(transaction, tenant, cancel);
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        limits.RequireNotSuspended();
        if (await HoldAsync(transaction, tenant, id, cancel) is not { } invitation) return null;
        var now = time.GetUtcNow();
        if (invitation.StateAt(now) is not (InvitationState.Pending or InvitationState.Sent))
            throw Closed("It was accepted or revoked, or it expired: invite again.");
        await InvitationLimits.CountMailAsync(transaction, tenant, invitation.PersonId, now, ProblemTypes.ResendLimited, cancel);
        await transaction.ExecuteAsync("UPDATE invitations SET generation = generation + 1 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id));
        // The user first, the mail after it: if somebody removed the user in Keycloak, there is one again.
        await BumpAsync(transaction, invitation, "", now, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(by.Principal, "invitation.resend", id.ToString()), cancel);
        await transaction.CommitAsync(cancel);
        return invitation with { Generation = invitation.Generation + 1 };
    }

    /// <summary>Nobody is invited any more: their user, who never could sign in, is to be removed.</summary>
    internal Task WithdrawAsync(LedgerTransaction transaction, Invitation invitation, DateTimeOffset now, CancellationToken cancel) =>
        BumpAsync(transaction, invitation, "withdrawn = true, ", now, cancel);

    /// <summary>A worker is to look at the person's user once more.</summary>
    internal async Task ApplyAgainAsync(LedgerTransaction transaction, Invitation invitation, CancellationToken cancel)
    {
        await transaction.ExecuteAsync("UPDATE people SET version = version + 1 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(invitation.Tenant.Value), Id(invitation.PersonId));
        await jobs.ApplyAsync(transaction, invitation.Tenant, invitation.PersonId, cancel);
    }

    private async Task BumpAsync(LedgerTransaction transaction, Invitation invitation, string change, DateTimeOffset now,
        CancellationToken cancel)
    {
        await transaction.ExecuteAsync(
            $"UPDATE people SET {change}version = version + 1, changed_at = $3 WHERE tenant_id = $1 AND id = $2 AND joined_at IS NULL",
                cancel,
            Text(invitation.Tenant.Value), Id(invitation.PersonId), Time(now));
        await jobs.ApplyAsync(transaction, invitation.Tenant, invitation.PersonId, cancel);
    }

    // The person's row is the lock of both: everybody takes it first.
    internal static async Task<Invitation?> HoldAsync(LedgerTransaction transaction, TenantId tenant, Guid id, CancellationToken cancel)
    {
        if (await PersonRows.FindInvitationAsync(transaction, tenant, id, cancel) is not { } invitation) return null;
        await PersonRows.HoldAsync(transaction, tenant, invitation.PersonId, cancel);
        return await PersonRows.FindInvitationAsync(transaction, tenant, id, cancel);
    }

    private static LedgerProblemException Closed(string why) => new(ProblemTypes.InvitationClosed, why);
}
