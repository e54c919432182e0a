using System.Collections.Concurrent;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenancy;

/// <summary>The standing of the tenants that ask: one query each, kept for <see cref="Kept"/>. So a change is known in this process at once
/// where it is told to <see cref="Forget"/>, and in every other no later than that.</summary>
public sealed class TenantStandings(LedgerDatabase database, TimeProvider time)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    /// <summary>Tenants remembered at most; beyond, all are asked for anew.</summary>
    public const int MostKept = 10_000;

    // An access token outlives its person's by minutes at most: of those who were disabled it is the newest that matter. Who was invited
    // and never joined has no token.
    private const string Sql = """
        SELECT t.state, t.requests_per_second,
               ARRAY(SELECT p.subject FROM people p WHERE p.tenant_id = t.tenant_id AND NOT p.enabled AND p.subject IS NOT NULL
                             AND p.joined_at IS NOT NULL ORDER BY p.changed_at DESC LIMIT 1000)
          FROM tenants t WHERE t.tenant_id = $1
        """;

    private readonly ConcurrentDictionary<TenantId, Asked> known = new();

    /// <summary>Null where there is no such tenant.</summary>
    public async ValueTask<TenantStanding?> FindAsync(TenantId tenant, CancellationToken cancel)
    {
        if (!known.TryGetValue(tenant, out var asked) || time.GetElapsedTime(asked.At) > Kept)
        {
            if (known.Count >= MostKept) known.Clear();
            var anew = new Asked(time.GetTimestamp(), new(() => ReadAsync(tenant)));
            // Who comes second waits for the first one's question.
            asked = asked is null ? known.GetOrAdd(tenant, anew) : known.TryUpdate(tenant, anew, asked) ? anew
                : known.GetOrAdd(tenant, anew);
        }
        try { return await asked.Standing.Value.WaitAsync(cancel); }
        catch when (asked.Standing.Value.IsFaulted)
        {
            known.TryRemove(KeyValuePair.Create(tenant, asked));
            throw;
        }
    }

    /// <summary>The next question goes to the database, also while an earlier one is under way.</summary>
    public void Forget(TenantId tenant) => known.TryRemove(tenant, out _);

    // Many wait for it: no one caller's going away ends it. The database has a limit of its own.
    private async Task<TenantStanding?> ReadAsync(TenantId tenant)
    {
        await using var transaction = await database.BeginAsync(tenant, CancellationToken.None);
        await using var reader = await transaction.QueryAsync(Sql, CancellationToken.None, Text(tenant.Value));
        if (!await reader.ReadAsync(CancellationToken.None)) return null;
        return new TenantStanding(TenantStates.Parse(reader.GetString(0)), reader.GetIntOrNull(1),
            reader.GetFieldValue<string[]>(2).ToHashSet(StringComparer.Ordinal));
    }

    private sealed record Asked(long At, Lazy<Task<TenantStanding?>> Standing);
}
