using Ledger.Core.Operations;
using Ledger.Core.Tenancy;

namespace Ledger.Core.People;

/// <summary>Asks the workers to adopt users of a tenant whom an operator made in Keycloak.</summary>
public sealed class PeopleSync(LedgerDatabase database, PersonJobs jobs, AuditOutbox audit)
{
    /// <summary>Audited as <c>person.sync</c>. Where it was asked for already and is not done, that one it is.</summary>
    /// <exception cref="Problems.LedgerProblemException">forbidden, tenant-suspended.</exception>
    public async Task AskAsync(TenantId tenant, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        (await TenantLimits.HoldAsync(transaction, tenant, cancel)).RequireNotSuspended();
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        await jobs.AdoptAsync(transaction, tenant, by.Principal, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(by.Principal, "person.sync", tenant.Value), cancel);
        await transaction.CommitAsync(cancel);
    }
}
