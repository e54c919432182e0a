using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>The keys that a new epoch begins with.</summary>
internal sealed class EpochKeyring(LedgerDatabase database, VaultTransit vault, SigningKeyRegistry keys, KeyNames names)
{
    /// <summary>The service's two as they are; the tenant's own two in versions that no epoch has.</summary>
    /// <param name="last">The epoch before.</param>
    /// <exception cref="LedgerProblemException">signer-unavailable, signer-key-changed, signer-key-retired.</exception>
    public async Task<IReadOnlyList<SigningKey>> KeysAsync(LogId last, CancellationToken cancel) =>
    [
        await ServiceKeyAsync(names.Entry, KeyPurpose.Entry, last, cancel),
        await ServiceKeyAsync(names.Checkpoint, KeyPurpose.Checkpoint, last, cancel),
        await OwnKeyAsync(names.Anchor(last.Tenant), KeyPurpose.Anchor, last.Tenant, cancel),
        await OwnKeyAsync(names.Payload(last.Tenant), KeyPurpose.Payload, last.Tenant, cancel),
    ];

    private async Task<SigningKey> ServiceKeyAsync(string name, KeyPurpose purpose, LogId last, CancellationToken cancel)
    {
        var key = await keys.NewestAsync(name, purpose, null, cancel);
        await using var transaction = await database.BeginAsync(last.Tenant, cancel);
        var ranges = await KeyRangeStore.ListAsync(transaction, last.Tenant, last.Epoch, purpose, cancel);
        return ranges.Any(r => r.KeyId == key.KeyId && r.To is not null)
            ? throw new LedgerProblemException(ProblemTypes.SignerKeyRetired, $"{name} is retired: rotate it in Vault first.")
            : key;
    }

    // The name stays, the version is new. One that no epoch has yet is what a run before this one left.
    private async Task<SigningKey> OwnKeyAsync(string name, KeyPurpose purpose, TenantId tenant, CancellationToken cancel)
    {
        await vault.CreateKeyAsync(name, purpose, cancel);
        var key = await keys.NewestAsync(name, purpose, tenant, cancel);
        if (!await IsTakenAsync(tenant, key, cancel)) return key;
        await vault.RotateKeyAsync(name, cancel);
        return await keys.NewestAsync(name, purpose, tenant, cancel);
    }

    private async Task<bool> IsTakenAsync(TenantId tenant, SigningKey key, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT 1 FROM key_ranges WHERE tenant_id = $1 AND key_id = $2 AND purpose = $3", cancel, Text(tenant.Value), Text(key.KeyId),
            Text(key.Purpose.SqlName()));
        return await reader.ReadAsync(cancel);
    }
}
