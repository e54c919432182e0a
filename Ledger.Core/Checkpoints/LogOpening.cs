using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Opens a tenant's log: keys, mark, rows. Every step may be repeated, so a crash anywhere is mended by running it
/// again.</summary>
public sealed class LogOpening(LedgerDatabase database, VaultTransit vault, SigningKeyRegistry keys, KeyNames names,
    IHighWaterMarkStore marks, AuditOutbox audit,
    IOptions<LedgerOptions> options, TimeProvider time)
{
    private const int FirstEpoch = 1;

    /// <summary>By hand, in the owner's role: makes a tenant with an empty log, or finishes one that was asked for, and on the way the log
    /// of the audit trail. A tenant that is open already stays as it is, but for becoming public.</summary>
    /// <returns>False where it was open already.</returns>
    /// <exception cref="LogOpeningException">A reserved name, or a log of which only the mark is left.</exception>
    public async Task<bool> OpenAsync(TenantId tenant, bool isPublic, string actor, CancellationToken cancel)
    {
        if (tenant.IsReserved)
            throw new LogOpeningException($"'{tenant}' is a reserved name: platform-* and receipts-* belong to the service.");
        await OpenOneAsync(TenantId.PlatformAudit, new Asked(actor), cancel);
        return await OpenOneAsync(tenant, new Asked(actor) { IsPublic = isPublic }, cancel);
    }

    /// <summary>In the workers' role: opens a tenant whose row is there, and first the log of the audit trail where there is
    /// none.</summary>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="opened">Joins the transaction that opens it; also where it is open already.</param>
    /// <exception cref="LogOpeningException">Nobody asked for it, or a log of which only the mark is left.</exception>
    public async Task OpenAskedAsync(TenantId tenant, string actor, Func<LedgerTransaction, Task> opened, CancellationToken cancel)
    {
        if (!await HasLogAsync(TenantId.PlatformAudit, cancel)) await OpenOneAsync(TenantId.PlatformAudit, new Asked(actor), cancel);
        await OpenOneAsync(tenant, new Asked(actor) { RowIsThere = true, Opened = opened }, cancel);
    }

    private async Task<bool> OpenOneAsync(TenantId tenant, Asked asked, CancellationToken cancel)
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
        var added = !asked.RowIsThere && await AddTenantAsync(transaction, tenant, asked, cancel);
        var opens = await HoldOpeningAsync(transaction, tenant, cancel);
        if (opens) await AddLogAsync(transaction, tenant, own, cancel);
        else if (!await HasLogAsync(transaction, tenant, cancel)) throw new LogOpeningException($"Nobody asked for a tenant '{tenant}'.");
        if (asked.IsPublic && !added)
            await transaction.ExecuteAsync("UPDATE tenants SET log_public = true WHERE tenant_id = $1", cancel, Text(tenant.Value));
        if (asked.Opened is { } opened) await opened(transaction);
        await transaction.CommitAsync(cancel);
        return opens;
    }

    private async Task<bool> AddTenantAsync(LedgerTransaction transaction, TenantId tenant, Asked asked, CancellationToken cancel)
    {
        var added = await transaction.ExecuteAsync("""
            INSERT INTO tenants (tenant_id, state, log_public, created_at) VALUES ($1, 'opening', $2, $3) ON CONFLICT DO NOTHING
            """, cancel, Text(tenant.Value), Flag(asked.IsPublic), Time(time.GetUtcNow())) == 1;
        if (added) await audit.WriteAsync(transaction, tenant, new AuditEvent(asked.Actor, "tenant.add", tenant.Value), cancel);
        return added;
    }

    // Of two that open the same tenant the second waits here, and finds it open.
    private static async Task<bool> HoldOpeningAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            "SELECT 1 FROM tenants WHERE tenant_id = $1 AND state = 'opening' FOR UPDATE", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel);
    }

    private async Task AddLogAsync(LedgerTransaction transaction, TenantId tenant, List<SigningKey> own, CancellationToken cancel)
    {
        await using var batch = transaction.Batch();
        EpochRows.Add(batch, new LogId(tenant, FirstEpoch), options.Value.OriginOf(tenant, FirstEpoch), own, time.GetUtcNow());
        batch.Add("UPDATE tenants SET state = 'active' WHERE tenant_id = $1", Text(tenant.Value));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private async Task<SigningKey> KeyAsync(string name, KeyPurpose purpose, TenantId? owner, CancellationToken cancel)
    {
        await vault.CreateKeyAsync(name, purpose, cancel);
        return await keys.NewestAsync(name, purpose, owner, cancel);
    }

    private async Task MarkAsync(TenantId tenant, CancellationToken cancel)
    {
        // A log that is there and has lost its mark is a finding for a person: making a new one would hide it.
        if (await HasLogAsync(tenant, cancel) || await marks.TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, FirstEpoch), cancel)) return;
        if (await marks.ReadAsync(tenant, FirstEpoch, cancel) is { Mark.Size: > 0 and var size })
            throw new LogOpeningException($"The high-water mark of '{tenant}' is at {size}, but this database has no such log: "
                + "restore its database, or choose another name.");
    }

    private async Task<bool> HasLogAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await HasLogAsync(transaction, tenant, cancel);
    }

    private static async Task<bool> HasLogAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT 1 FROM chain_heads WHERE tenant_id = $1 LIMIT 1", cancel,
            Text(tenant.Value));
        return await reader.ReadAsync(cancel);
    }

    private sealed record Asked(string Actor)
    {
        public bool IsPublic { get; init; }

        public bool RowIsThere { get; init; }

        public Func<LedgerTransaction, Task>? Opened { get; init; }
    }
}

/// <summary>A tenant or an epoch that cannot be made; the message says why to the operator.</summary>
public class LogOpeningException(string message) : Exception(message);
