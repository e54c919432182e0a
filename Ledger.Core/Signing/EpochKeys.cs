using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Signing;

/// <summary>Which version of a tenant's own key signs for an epoch. The name in Vault is the same for all epochs; each has versions of its
/// own.</summary>
public static class EpochKeys
{
    /// <summary>The version to sign with: of a closed epoch the newest that is its own; null for the current one, which signs with the newest
    /// there is and claims it (<see cref="KeyRangeStore.ClaimAsync"/>).</summary>
    public static async Task<int?> VersionAsync(LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT max(s.vault_version)
              FROM tenants t
              JOIN key_ranges k ON k.tenant_id = t.tenant_id AND k.epoch = $2 AND k.purpose = $3 AND k.to_position IS NULL
              JOIN signing_keys s ON s.tenant_id = t.tenant_id AND s.key_id = k.key_id AND s.purpose = k.purpose
             WHERE t.tenant_id = $1 AND t.current_epoch <> $2
            """, cancel, Text(tenant.Value), Int(epoch), Text(purpose.SqlName()));
        await reader.ReadAsync(cancel);
        return reader.IsDBNull(0) ? null : reader.GetInt32(0);
    }
}
