using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Rebuilds the answer of an Idempotency-Key from the entries it stored.</summary>
public sealed class KeptAnswers(LedgerDatabase database, TimeProvider time)
{
    /// <summary>The results of the request that used the key first, in its order; null where the key is free.</summary>
    public async Task<IReadOnlyList<AppendResult>?> FindAsync(TenantId tenant, IdempotencyClaim claim, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await IdempotencyStore.FindAsync(transaction, tenant, claim, time.GetUtcNow(), cancel) is not { } kept) return null;

        var entries = new Queue<StoredEntry>();
        if (kept.FirstSeq is not null)
        {
            await using var reader = await transaction.QueryAsync($"""
                SELECT {EntryRow.Columns} FROM chain_entries e
                 WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq BETWEEN $3 AND $4 ORDER BY e.seq
                """, cancel, Text(tenant.Value), Int(kept.Epoch), Long(kept.FirstSeq), Long(kept.LastSeq));
            while (await reader.ReadAsync(cancel)) entries.Enqueue(EntryRow.Read(reader));
        }
        // The first request's commit may have given up waiting for replicas, and nobody was told that it is durable. This one, of a row
        // lock, is behind it in the same WAL: where it ends well, so did that one.
        await transaction.ExecuteAsync(Durable.Sql, cancel);
        await transaction.CommitAsync(cancel);
        var refused = RefusedItems.Read(kept.Refused);
        return [.. Enumerable.Range(0, entries.Count + refused.Count)
            .Select(i => refused.TryGetValue(i, out var problem)
                ? new AppendResult(null, problem)
                : new AppendResult(entries.Dequeue(), null))];
    }
}
