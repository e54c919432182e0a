using System.Collections.Concurrent;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Which epoch of a tenant's log is the current one. Remembered; the head lock notices when it changed.</summary>
public sealed class EpochReader(LedgerDatabase database)
{
    private readonly ConcurrentDictionary<TenantId, int> known = new();

    /// <exception cref="LedgerProblemException">tenant-required: there is no such tenant.</exception>
    public async ValueTask<int> CurrentAsync(TenantId tenant, CancellationToken cancel)
    {
        if (known.TryGetValue(tenant, out var epoch)) return epoch;
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT current_epoch FROM tenants WHERE tenant_id = $1", cancel, Text(tenant.Value));
        if (!await reader.ReadAsync(cancel))
            throw new LedgerProblemException(ProblemTypes.TenantRequired, "The token's tenant has no log here.");
        return known.GetOrAdd(tenant, reader.GetInt32(0));
    }

    public void Forget(TenantId tenant) => known.TryRemove(tenant, out _);
}
