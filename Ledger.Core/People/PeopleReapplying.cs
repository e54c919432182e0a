using System.Globalization;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Has everybody applied once more, also who is applied by what the rows say: after Keycloak came back from a backup, or after
/// somebody changed users by hand. What is wanted of a person stays as it is.</summary>
public sealed class PeopleReapplying(LedgerDatabase database, PersonJobs jobs, AuditOutbox audit)
{
    /// <summary>All tenants that people may belong to, or the one that is named, by name.</summary>
    public async Task<IReadOnlyList<TenantId>> TenantsAsync(TenantId? only, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT tenant_id FROM tenants WHERE $1::text IS NULL OR tenant_id = $1 ORDER BY tenant_id", cancel, Text(only?.Value));
        var found = new List<TenantId>();
        while (await reader.ReadAsync(cancel)) found.Add(TenantId.Parse(reader.GetString(0)));
        return found;
    }

    /// <summary>Enqueues the jobs of a tenant's people: invited, joined, disabled and withdrawn ones. Whose job is open keeps that one.
    /// Audited as <c>people.apply</c> with their number, unless there is nobody.</summary>
    /// <returns>The number of people.</returns>
    public async Task<int> EnqueueAsync(TenantId tenant, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var people = await PeopleAsync(transaction, tenant, cancel);
        if (people.Count == 0) return 0;
        await jobs.ApplyAgainAsync(transaction, tenant, people, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "people.apply", tenant.Value,
            new Dictionary<string, string> { ["people"] = people.Count.ToString(CultureInfo.InvariantCulture) }), cancel);
        await transaction.CommitAsync(cancel);
        return people.Count;
    }

    private static async Task<List<Guid>> PeopleAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT id FROM people WHERE tenant_id = $1 ORDER BY created_at, id", cancel,
            Text(tenant.Value));
        var people = new List<Guid>();
        while (await reader.ReadAsync(cancel)) people.Add(reader.GetGuid(0));
        return people;
    }
}
