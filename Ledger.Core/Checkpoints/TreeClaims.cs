using Ledger.Core.Tenancy;
using Npgsql;
using NpgsqlTypes;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Leases on <c>tree_heads</c>, on the database's clock. They keep integrators out of each other's way; that no log forks if one
/// overstays is owed to the mark's compare-and-swap and to <c>WHERE tree_size = old</c>, not to them.</summary>
internal sealed class TreeClaims(LedgerDatabase database, string owner)
{
    // 20 s: longer than a round takes with a slow Vault, short enough that a killed worker's logs are not late for long. lease_until is
    // also when a log was last let go: the longest unserved come first, so that a busy log cannot starve the others.
    private const string Claim = $"""
        UPDATE tree_heads t SET lease_owner = $1, lease_until = now() + interval '20 seconds'
          FROM due WHERE t.tenant_id = due.tenant_id AND t.epoch = due.epoch
        RETURNING t.tenant_id, t.epoch
        """;

    // A lease that a crash of the server forgets is one that lapsed: its commit waits for no disk, and appends share the disk with fewer.
    private const string NotWaitedFor = "SET LOCAL synchronous_commit = off";

    /// <summary>Claims logs whose entries are ahead of their tree.</summary>
    public Task<IReadOnlyList<LogId>> ClaimDirtyAsync(int limit, CancellationToken cancel) => ClaimAsync($"""
        WITH due AS (
            SELECT t.tenant_id, t.epoch
              FROM tree_heads t JOIN chain_heads h ON h.tenant_id = t.tenant_id AND h.epoch = t.epoch
             WHERE h.next_seq <> t.tree_size AND h.halted IS NULL AND (t.lease_until IS NULL OR t.lease_until <= now())
             ORDER BY t.lease_until NULLS FIRST LIMIT $2 FOR UPDATE OF t SKIP LOCKED)
        {Claim}
        """, cancel, Text(owner), Int(limit));

    /// <summary>Claims these logs, dirty or not, halted or not; one that another integrator holds is left out.</summary>
    public Task<IReadOnlyList<LogId>> ClaimAsync(IReadOnlyCollection<LogId> logs, CancellationToken cancel) => ClaimAsync($"""
        WITH due AS (
            SELECT t.tenant_id, t.epoch
              FROM tree_heads t JOIN unnest($2, $3) AS wanted(tenant_id, epoch) ON wanted.tenant_id = t.tenant_id AND wanted.epoch = t.epoch
             WHERE t.lease_until IS NULL OR t.lease_until <= now()
               FOR UPDATE OF t SKIP LOCKED)
        {Claim}
        """, cancel, Text(owner),
        new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            TypedValue = [.. logs.Select(l => l.Tenant.Value)] },
        new NpgsqlParameter<int[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
            TypedValue = [.. logs.Select(l => l.Epoch)] });

    /// <summary>Lets go of a log. Nothing happens where the lease lapsed and another integrator has it.</summary>
    public async Task ReleaseAsync(LogId log, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(log.Tenant, cancel);
        await transaction.ExecuteAsync(NotWaitedFor, cancel);
        await transaction.ExecuteAsync(
            "UPDATE tree_heads SET lease_owner = NULL, lease_until = now() WHERE tenant_id = $1 AND epoch = $2 AND lease_owner = $3",
            cancel, Text(log.Tenant.Value), Int(log.Epoch), Text(owner));
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Every log there is, or with <paramref name="haltedOnly"/> those that are halted.</summary>
    public async Task<IReadOnlyList<LogId>> ListAsync(bool haltedOnly, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT tenant_id, epoch FROM chain_heads WHERE halted IS NOT NULL OR NOT $1", cancel, Flag(haltedOnly));
        var found = new List<LogId>();
        while (await reader.ReadAsync(cancel)) found.Add(new LogId(TenantId.Parse(reader.GetString(0)), reader.GetInt32(1)));
        return found;
    }

    /// <summary>How many tenants' current logs are halted.</summary>
    public async Task<long> CountHaltedAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT count(*) FROM chain_heads h JOIN tenants t ON t.tenant_id = h.tenant_id AND t.current_epoch = h.epoch
             WHERE h.halted IS NOT NULL
            """, cancel);
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0);
    }

    private async Task<IReadOnlyList<LogId>> ClaimAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        var claims = new List<LogId>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using (var server = await transaction.Batch().Add(NotWaitedFor).Add("SELECT pg_postmaster_start_time()")
                         .ExecuteReaderAsync(cancel))
            if (await server.ReadAsync(cancel)) database.Saw(server.GetTime(0));
        await using (var reader = await transaction.QueryAsync(sql, cancel, parameters))
            while (await reader.ReadAsync(cancel)) claims.Add(new LogId(TenantId.Parse(reader.GetString(0)), reader.GetInt32(1)));
        await transaction.CommitAsync(cancel);
        return claims;
    }
}
