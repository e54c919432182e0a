using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>A range that retirement closed.</summary>
/// <param name="To">The last seq (entry keys) or tree size (the others) at which the key is valid.</param>
public sealed record RetiredRange(TenantId Tenant, int Epoch, KeyPurpose Purpose, long To);

/// <summary>Closes a key's ranges: what it signed stays valid, what it signs from now on is not stored. Rotate the key in Vault first. Runs
/// as the owner's role.</summary>
public sealed class KeyRetirement(LedgerDatabase database, IHighWaterMarkStore marks, AuditOutbox audit, IdSource ids, TimeProvider time)
{
    private static readonly TimeSpan LeasePause = TimeSpan.FromMilliseconds(100);

    /// <summary>Retires a key in every log where it is open, or in one tenant's. A key that is nowhere open is not an error: the list is
    /// empty.</summary>
    public async Task<IReadOnlyList<RetiredRange>> RetireAsync(string keyId, TenantId? tenant, string actor, CancellationToken cancel)
    {
        var retired = new List<RetiredRange>();
        foreach (var (log, purpose) in await OpenRangesAsync(keyId, tenant, cancel))
            if (await RetireAsync(log, purpose, keyId, actor, cancel) is { } range) retired.Add(range);
        return retired;
    }

    private async Task<RetiredRange?> RetireAsync(LogId log, KeyPurpose purpose, string keyId, string actor, CancellationToken cancel)
    {
        // An integrator may be between its signature and its mark. Holding the tree's lease, there is none.
        var claims = new TreeClaims(database, $"retire-key:{ids.NewId(time.GetUtcNow())}");
        while ((await claims.ClaimAsync([log], cancel)).Count == 0) await Task.Delay(LeasePause, time, cancel);
        try
        {
            var marked = (await marks.ReadAsync(log.Tenant, log.Epoch, cancel))?.Mark.Size ?? 0;
            await using var transaction = await database.BeginAsync(log.Tenant, cancel);
            long next;
            await using (var reader = await transaction.QueryAsync(
                "SELECT next_seq FROM chain_heads WHERE tenant_id = $1 AND epoch = $2 FOR UPDATE", cancel,
                Text(log.Tenant.Value), Int(log.Epoch)))
            {
                await reader.ReadAsync(cancel);
                next = reader.GetInt64(0);
            }
            var to = Math.Max(0, purpose == KeyPurpose.Entry ? next - 1 : marked);
            if (!await KeyRangeStore.RetireAsync(transaction, log.Tenant, log.Epoch, purpose, keyId, to, cancel)) return null;
            await audit.WriteAsync(transaction, log.Tenant, new AuditEvent(actor, "key.retire", keyId), cancel);
            await transaction.CommitAsync(cancel);
            return new RetiredRange(log.Tenant, log.Epoch, purpose, to);
        }
        finally
        {
            await claims.ReleaseAsync(log, CancellationToken.None);
        }
    }

    private async Task<List<(LogId Log, KeyPurpose Purpose)>> OpenRangesAsync(string keyId, TenantId? tenant, CancellationToken cancel)
    {
        var found = new List<(LogId, KeyPurpose)>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT tenant_id, epoch, purpose FROM key_ranges WHERE key_id = $1 AND to_position IS NULL
               AND ($2::text IS NULL OR tenant_id = $2)
             ORDER BY tenant_id, epoch, purpose
            """, cancel, Text(keyId), Text(tenant?.Value));
        while (await reader.ReadAsync(cancel)) found.Add((new LogId(TenantId.Parse(reader.GetString(0)), reader.GetInt32(1)),
            KeyPurposes.Parse(reader.GetString(2))));
        return found;
    }
}
