using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Makes a tenant: keys, mark, rows. Runs as the owner's role. Every step may be repeated, so a crash anywhere is mended by
/// running it again.</summary>
public sealed class LogOpening(LedgerDatabase database, VaultTransit vault, SigningKeyRegistry keys, KeyNames names,
    IHighWaterMarkStore marks, AuditOutbox audit,
    IOptions<LedgerOptions> options, TimeProvider time)
{
    private const int FirstEpoch = 1;

    /// <summary>Makes a tenant with an empty log, and on the way the log of the audit trail. A tenant that is there already stays as it is,
    /// but for becoming public.</summary>
    /// <returns>False where it was there already.</returns>
    /// <exception cref="LogOpeningException">A reserved name, or a log of which only the mark is left.</exception>
    public async Task<bool> OpenAsync(TenantId tenant, bool isPublic, string actor, CancellationToken cancel)
    {
        if (tenant.IsReserved)
            throw new LogOpeningException($"'{tenant}' is a reserved name: platform-* and receipts-* belong to the service.");
        await OpenOneAsync(TenantId.PlatformAudit, isPublic: false, actor, cancel);
        return await OpenOneAsync(tenant, isPublic, actor, cancel);
    }

    private async Task<bool> OpenOneAsync(TenantId tenant, bool isPublic, string actor, CancellationToken cancel)
    {
        // 1. Keys in Vault, and their public halves in the database: nothing is ever signed under bytes that are not recorded.
        var own = new List<SigningKey>
        {
            await KeyAsync(names.Entry, KeyPurpose.Entry, null, cancel),
            await KeyAsync(names.Checkpoint, KeyPurpose.Checkpoint, null, cancel),
            await KeyAsync(names.Anchor(tenant), KeyPurpose.Anchor, tenant, cancel),
            await KeyAsync(names.Payload(tenant), KeyPurpose.Payload, tenant, cancel),
        };

        // 2. The mark, before there is a log that could be rolled back behind it.
        await MarkAsync(tenant, cancel);

        // 3. The rows, all or none.
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var now = time.GetUtcNow();
        var made = await transaction.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, log_public, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", cancel,
            Text(tenant.Value), Flag(isPublic), Time(now)) == 1;
        if (made)
        {
            await using var batch = transaction.Batch();
            EpochRows.Add(batch, new LogId(tenant, FirstEpoch), options.Value.OriginOf(tenant, FirstEpoch), own, now);
            await batch.ExecuteNonQueryAsync(cancel);
            await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "tenant.add", tenant.Value), cancel);
        }
        else if (isPublic)
        {
            await transaction.ExecuteAsync("UPDATE tenants SET log_public = true WHERE tenant_id = $1", cancel, Text(tenant.Value));
        }
        await transaction.CommitAsync(cancel);
        return made;
    }

    private async Task<SigningKey> KeyAsync(string name, KeyPurpose purpose, TenantId? owner, CancellationToken cancel)
    {
        await vault.CreateKeyAsync(name, purpose, cancel);
        return await keys.NewestAsync(name, purpose, owner, cancel);
    }

    private async Task MarkAsync(TenantId tenant, CancellationToken cancel)
    {
        var exists = await ExistsAsync(tenant, cancel);
        // A tenant that is there and has lost its mark is a finding for a person: making a new one would hide it.
        if (exists || await marks.TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, FirstEpoch), cancel)) return;
        if (await marks.ReadAsync(tenant, FirstEpoch, cancel) is { Mark.Size: > 0 and var size })
            throw new LogOpeningException($"The high-water mark of '{tenant}' is at {size}, but this database has no such tenant: "
                + "restore its database, or choose another name.");
    }

    private async Task<bool> ExistsAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync("SELECT 1 FROM tenants WHERE tenant_id = $1", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel);
    }
}

/// <summary>A tenant or an epoch that cannot be made; the message says why to the operator.</summary>
public class LogOpeningException(string message) : Exception(message);
