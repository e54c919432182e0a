using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Ends invitations whose code ran out: refused it is from that instant on, here its user is removed. Also those that never got
/// as far as a code, <see cref="UnsentLifetimes"/> lifetimes after the invitation. Where a code was accepted, the person's job looks
/// whether it still is the password. Any number of processes may do it at once.</summary>
public sealed class InvitationExpiry(LedgerDatabase database, InvitationStore invitations, IOptions<PeopleOptions> options,
    TimeProvider time)
{
    /// <summary>Invitations in one step, of open and of accepted ones each.</summary>
    public const int PerStep = 100;

    /// <summary>Lifetimes of a code until an invitation without one ends: two, so that an outage of one costs nobody anything.</summary>
    public const int UnsentLifetimes = 2;

    // $1 now, $2 when an invitation was made that may be without a code no longer.
    private const string Lapsed = """
        state IN ('pending', 'sent') AND (expires_at <= $1 OR (expires_at IS NULL AND created_at <= $2))
        """;

    private const string AcceptedLapsed = "state = 'accepted' AND code_end IS NULL AND expires_at <= $1";

    /// <returns>How many ran out, of the kind that had more.</returns>
    public async Task<int> StepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var lapsed = await FindAsync(Lapsed, cancel, Time(now), Time(Unsent(now)));
        foreach (var (tenant, id) in lapsed) await ExpireAsync(tenant, id, cancel);
        var accepted = await FindAsync(AcceptedLapsed, cancel, Time(now));
        foreach (var (tenant, id) in accepted) await EndCodeAsync(tenant, id, cancel);
        return Math.Max(lapsed.Count, accepted.Count);
    }

    private async Task<List<(TenantId Tenant, Guid Id)>> FindAsync(string of, CancellationToken cancel,
        params NpgsqlParameter[] times)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT tenant_id, id FROM invitations WHERE {of} ORDER BY expires_at LIMIT {PerStep}
            """, cancel, times);
        var lapsed = new List<(TenantId, Guid)>();
        while (await reader.ReadAsync(cancel)) lapsed.Add((TenantId.Parse(reader.GetString(0)), reader.GetGuid(1)));
        return lapsed;
    }

    private async Task ExpireAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await InvitationStore.HoldAsync(transaction, tenant, id, cancel) is not { } invitation) return;
        var expired = await transaction.ExecuteAsync(
            $"UPDATE invitations SET state = 'expired' WHERE tenant_id = $3 AND id = $4 AND {Lapsed}", cancel, Time(now),
            Time(Unsent(now)), Text(tenant.Value), Id(id));
        if (expired == 1) await invitations.WithdrawAsync(transaction, invitation, now, cancel);
        await transaction.CommitAsync(cancel);
    }

    private DateTimeOffset Unsent(DateTimeOffset now) => now - UnsentLifetimes * options.Value.InvitationLifetime;

    private async Task EndCodeAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await InvitationStore.HoldAsync(transaction, tenant, id, cancel) is not { } invitation) return;
        var wanted = await transaction.ExecuteAsync(
            "UPDATE invitations SET code_end = 'wanted' WHERE tenant_id = $2 AND id = $3 AND " + AcceptedLapsed, cancel,
            Time(time.GetUtcNow()), Text(tenant.Value), Id(id));
        if (wanted == 1) await invitations.ApplyAgainAsync(transaction, invitation, cancel);
        await transaction.CommitAsync(cancel);
    }
}
