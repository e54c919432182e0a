using Ledger.Core.Problems;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenancy;

/// <summary>What a tenant may have, and whether it may write.</summary>
/// <param name="People">People who are not disabled, invited ones included; null where it has no limit of its own.</param>
/// <param name="ApiKeys">API keys that are neither revoked nor expired; null where it has no limit of its own.</param>
/// <param name="IdentityProviders">Keycloak's names of those that its people may be linked to.</param>
public sealed record TenantLimits(TenantState State, int? People, int? ApiKeys, IReadOnlyList<string> IdentityProviders)
{
    /// <summary>Reads the limits of the transaction's tenant and keeps its row to the end: of two who count and then add, the second waits,
    /// so that both do not take the last place. Appends do not wait for it; a suspension does.</summary>
    public static async Task<TenantLimits> HoldAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT state, max_people, max_api_keys, identity_providers FROM tenants WHERE tenant_id = $1 FOR NO KEY UPDATE
            """, cancel, Text(tenant.Value));
        if (!await reader.ReadAsync(cancel)) return new TenantLimits(TenantState.Opening, null, null, []);
        return new TenantLimits(TenantStates.Parse(reader.GetString(0)), reader.GetIntOrNull(1), reader.GetIntOrNull(2),
            reader.GetFieldValue<string[]>(3));
    }

    /// <summary>For what gives rights: the gate before it may have let pass what was suspended a moment ago.</summary>
    /// <exception cref="LedgerProblemException">tenant-suspended.</exception>
    public void RequireNotSuspended()
    {
        if (State == TenantState.Suspended)
            throw new LedgerProblemException(ProblemTypes.TenantSuspended, "The tenant is suspended; nothing was changed.");
    }
}
