using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenancy;

/// <summary>How much a tenant may have; null where it has no limit of its own.</summary>
/// <param name="People">People who are not disabled, invited ones included.</param>
/// <param name="ApiKeys">API keys that are neither revoked nor expired.</param>
public sealed record TenantLimits(int? People, int? ApiKeys)
{
    /// <summary>Reads the limits of the transaction's tenant and keeps its row to the end: of two who count and then add, the second waits,
    /// so that both do not take the last place. Appends do not wait for it.</summary>
    public static async Task<TenantLimits> HoldAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            "SELECT max_people, max_api_keys FROM tenants WHERE tenant_id = $1 FOR NO KEY UPDATE", cancel, Text(tenant.Value));
        if (!await reader.ReadAsync(cancel)) return new TenantLimits(null, null);
        return new TenantLimits(reader.GetIntOrNull(0), reader.GetIntOrNull(1));
    }
}
