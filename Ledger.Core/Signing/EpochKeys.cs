using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Signing;

/// <summary>Which version of a tenant's own key signs for an epoch. The name in Vault is the same for all epochs; each has versions of its
/// own.</summary>
public static class EpochKeys
{
    /// <summary>The version to sign with: of a closed epoch the newest that is its own; null for the current one, which signs with the
    /// newest there is and claims it (<see cref="KeyRangeStore.ClaimAsync"/>).</summary>
    /// <exception cref="LedgerProblemException">signer-key-retired: all that the closed epoch had. The newest version is another
    /// epoch's.</exception>
    public static async Task<int?> VersionAsync(LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT t.current_epoch = $2,
                   (SELECT max(s.vault_version)
                      FROM key_ranges k
                      JOIN signing_keys s ON s.tenant_id = k.tenant_id AND s.key_id = k.key_id AND s.purpose = k.purpose
                     WHERE k.tenant_id = $1 AND k.epoch = $2 AND k.purpose = $3 AND k.to_position IS NULL)
              FROM tenants t WHERE t.tenant_id = $1
            """, cancel, Text(tenant.Value), Int(epoch), Text(purpose.SqlName()));
        if (!await reader.ReadAsync(cancel) || reader.GetBoolean(0)) return null;
        return !reader.IsDBNull(1) ? reader.GetInt32(1) : throw new LedgerProblemException(ProblemTypes.SignerKeyRetired,
            $"Every {purpose.SqlName()} key of {tenant}/{epoch}, which is closed, was retired.");
    }
}
