using System.Collections.Concurrent;
using System.Threading.Channels;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.ApiKeys;

/// <summary>Remembers when keys were used, beside the requests that use them: a use that finds no room is forgotten, the next is not.
/// </summary>
public sealed class ApiKeyUses(LedgerDatabase database, TimeProvider time)
{
    private const int Waiting = 1024;

    // One place in the channel for each key, however many requests it sends.
    private readonly ConcurrentDictionary<Guid, bool> waiting = new();
    private readonly Channel<Use> uses = Channel.CreateBounded<Use>(Waiting);

    /// <summary>Never waits. Of uses within <see cref="ApiKeyLimits.UsePeriod"/> the first is remembered.</summary>
    public void Note(TenantId tenant, ApiKey key)
    {
        var now = time.GetUtcNow();
        if (now - key.LastUsedAt < ApiKeyLimits.UsePeriod || !waiting.TryAdd(key.Id, true)) return;
        if (!uses.Writer.TryWrite(new Use(tenant, key.Id, now))) waiting.TryRemove(key.Id, out _);
    }

    /// <summary>Writes down the next use, once there is one.</summary>
    public async Task WriteNextAsync(CancellationToken cancel)
    {
        var use = await uses.Reader.ReadAsync(cancel);
        try
        {
            await using var transaction = await database.BeginAsync(use.Tenant, cancel);
            await transaction.ExecuteAsync("""
                UPDATE api_keys SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at <= $4)
                """, cancel, Text(use.Tenant.Value), Id(use.Key), Time(use.At), Time(use.At - ApiKeyLimits.UsePeriod));
            await transaction.CommitAsync(cancel);
        }
        finally
        {
            waiting.TryRemove(use.Key, out _);
        }
    }

    private sealed record Use(TenantId Tenant, Guid Key, DateTimeOffset At);
}
