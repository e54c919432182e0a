using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenants;

/// <summary>The tenants of this ledger, for operators: asked for, suspended, resumed, limited. Runs in the operators' role; who did it is
/// written in the transaction of the act.</summary>
public sealed class TenantDirectory(AdminDatabase operators, Invitations invitations, JobQueue jobs, AuditOutbox audit,
    TenantStandings standings, TimeProvider time)
{
    /// <summary>By name, after one where one is given.</summary>
    /// <param name="limit">Read at most.</param>
    public async Task<IReadOnlyList<TenantView>> ListAsync(string? after, int limit, CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"""
            {TenantView.Select} WHERE $1::text IS NULL OR t.tenant_id > $1 ORDER BY t.tenant_id LIMIT $2
            """, cancel, Text(after), Int(limit));
        var tenants = new List<TenantView>();
        while (await reader.ReadAsync(cancel)) tenants.Add(TenantView.Read(reader));
        return tenants;
    }

    /// <summary>Null where there is no such tenant.</summary>
    public async Task<TenantView?> FindAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        return await FindAsync(transaction, tenant, cancel);
    }

    /// <summary>Asks for a tenant: its row, the job that opens it, and the invitation of its first administrator, all or none. The same
    /// request again finds the tenant as it is by now, and makes a job anew where it was given up.</summary>
    /// <param name="actor">Who asks.</param>
    /// <returns>The tenant, and whether it is new.</returns>
    /// <exception cref="LedgerProblemException">tenant-exists; invalid-field with a member of <c>admin</c>.</exception>
    public async Task<(TenantView Tenant, bool IsNew)> AddAsync(NewTenant asked, string actor, CancellationToken cancel)
    {
        var tenant = asked.Tenant;
        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        var isNew = await transaction.ExecuteAsync("""
            INSERT INTO tenants (tenant_id, name, state, log_public, request_hash, created_at) VALUES ($1, $2, 'opening', $3, $4, $5)
            ON CONFLICT DO NOTHING
            """, cancel, Text(tenant.Value), Text(asked.Name), Flag(asked.IsPublic), Bytes(asked.RequestHash()),
            Time(time.GetUtcNow())) == 1;
        if (isNew) await FirstTimeAsync(transaction, asked, actor, cancel);
        else await RequireSameAsync(transaction, asked, cancel);

        var view = (await FindAsync(transaction, tenant, cancel))!;
        if (view is { State: TenantState.Opening, Opening: null })
        {
            if (!isNew) await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "tenant.retry", tenant.Value), cancel);
            view = await EnqueueAsync(transaction, tenant, actor, cancel);
        }
        await transaction.CommitAsync(cancel);
        standings.Forget(tenant);
        return (view, isNew);
    }

    /// <summary>From when this returns the tenant writes nothing more: it waits for the append under way. Suspending a suspended tenant
    /// changes nothing, not its reason either.</summary>
    /// <param name="reason">1 to <see cref="TenantText.ReasonCharacters"/> characters; kept in the audit trail for good.</param>
    /// <returns>Null where there is no such tenant.</returns>
    /// <exception cref="LedgerProblemException">tenant-not-open.</exception>
    public Task<TenantView?> SuspendAsync(TenantId tenant, string reason, string actor, CancellationToken cancel) =>
        ChangeAsync(tenant, new AuditEvent(actor, "tenant.suspend", tenant.Value, new Dictionary<string, string> { ["reason"] = reason }),
            transaction => transaction.ExecuteAsync("""
                UPDATE tenants SET state = 'suspended', suspended_at = $2, suspended_reason = $3 WHERE tenant_id = $1 AND state = 'active'
                """, cancel, Text(tenant.Value), Time(time.GetUtcNow()), Text(reason)), TenantState.Suspended, cancel);

    /// <summary>The tenant writes again. Resuming an active tenant changes nothing.</summary>
    /// <returns>Null where there is no such tenant.</returns>
    /// <exception cref="LedgerProblemException">tenant-not-open.</exception>
    public Task<TenantView?> ResumeAsync(TenantId tenant, string actor, CancellationToken cancel) =>
        ChangeAsync(tenant, new AuditEvent(actor, "tenant.resume", tenant.Value),
            transaction => transaction.ExecuteAsync("""
                UPDATE tenants SET state = 'active', suspended_at = NULL, suspended_reason = NULL
                 WHERE tenant_id = $1 AND state = 'suspended'
                """, cancel, Text(tenant.Value)), TenantState.Active, cancel);

    /// <summary>Replaces all limits.</summary>
    /// <returns>Null where there is no such tenant.</returns>
    public Task<TenantView?> LimitAsync(TenantId tenant, TenantAllowance limits, string actor, CancellationToken cancel) =>
        ChangeAsync(tenant, new AuditEvent(actor, "tenant.limits", tenant.Value, limits.Details()),
            transaction => transaction.ExecuteAsync("""
                UPDATE tenants SET requests_per_second = $2, max_people = $3, max_api_keys = $4, identity_providers = $5
                 WHERE tenant_id = $1
                   AND (requests_per_second, max_people, max_api_keys, identity_providers) IS DISTINCT FROM ($2, $3, $4, $5)
                """, cancel, Text(tenant.Value), Int(limits.RequestsPerSecond), Int(limits.People), Int(limits.ApiKeys),
                Texts([.. limits.IdentityProviders])), null, cancel);

    // What changed nothing is not told of.
    private async Task<TenantView?> ChangeAsync(TenantId tenant, AuditEvent what, Func<LedgerTransaction, Task<int>> change,
        TenantState? wanted, CancellationToken cancel)
    {
        if (tenant.IsReserved) return null;
        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        var changed = await change(transaction) == 1;
        if (changed) await audit.WriteAsync(transaction, tenant, what, cancel);
        var view = await FindAsync(transaction, tenant, cancel);
        if (wanted is not null && view?.State == TenantState.Opening)
            throw new LedgerProblemException(ProblemTypes.TenantNotOpen, "The tenant is not open yet; nothing was changed.");
        await transaction.CommitAsync(cancel);
        standings.Forget(tenant);
        return view;
    }

    private async Task FirstTimeAsync(LedgerTransaction transaction, NewTenant asked, string actor, CancellationToken cancel)
    {
        await audit.WriteAsync(transaction, asked.Tenant, new AuditEvent(actor, "tenant.add", asked.Tenant.Value), cancel);
        if (asked.Admin is not { } admin) return;
        try
        {
            await invitations.InviteAsync(transaction, asked.Tenant,
                new NewPerson(admin.Email, admin.FirstName, admin.LastName, "CLIENT_ADMIN"), new Changer(actor, null), cancel);
        }
        catch (LedgerProblemException e) when (e.Problem.Field is { } field)
        {
            throw new LedgerProblemException(e.Problem with { Field = "admin." + field }, e);
        }
    }

    private static async Task RequireSameAsync(LedgerTransaction transaction, NewTenant asked, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT request_hash FROM tenants WHERE tenant_id = $1", cancel,
            Text(asked.Tenant.Value));
        await reader.ReadAsync(cancel);
        if (reader.GetBytesOrNull(0) is not { } first || !first.AsSpan().SequenceEqual(asked.RequestHash()))
            throw new LedgerProblemException(ProblemTypes.TenantExists, "There is a tenant of this name, asked for otherwise.", "tenant");
    }

    private async Task<TenantView> EnqueueAsync(LedgerTransaction transaction, TenantId tenant, string actor, CancellationToken cancel)
    {
        await using (var batch = transaction.Batch())
        {
            jobs.Add(batch, [TenantOpening.Job(tenant, actor)]);
            batch.Add("SELECT pg_notify($1, $2)", Text(JobQueues.WakeChannel), Text(JobQueues.TenantOpenings));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        return (await FindAsync(transaction, tenant, cancel))!;
    }

    private static async Task<TenantView?> FindAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"{TenantView.Select} WHERE t.tenant_id = $1", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel) ? TenantView.Read(reader) : null;
    }
}
