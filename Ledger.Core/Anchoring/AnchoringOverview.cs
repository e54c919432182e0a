using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>How far a tenant's anchoring is, in its current epoch.</summary>
/// <param name="CoveredSeq">The highest seq that a checkpoint of ours covers; −1 where none is.</param>
/// <param name="AnchoredSeq">The highest seq that a transparency log covers; −1 where none is.</param>
/// <param name="OldestUnanchoredAt">When the first entry beyond that was made; null where every entry is anchored.</param>
/// <param name="PendingSince">When the oldest checkpoint job was made that gave up, or where none did, that waits; null where neither is.
/// A dead letter comes first: it holds up its log until somebody acts, and says why.</param>
/// <param name="Cause">Why it did or waits, by its last failure: config, network or log; null where it never failed.</param>
/// <param name="DeadLetters">Anchor jobs that gave up, of any epoch.</param>
public sealed record TenantAnchoring(
    TenantId Tenant, int Epoch, AnchorPolicy Policy, long CoveredSeq, long AnchoredSeq, DateTimeOffset? OldestUnanchoredAt,
    DateTimeOffset? PendingSince, string? Cause, string? LastError, long DeadLetters);

/// <summary>A transparency log as the workers met it last.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="Ordinal">0 is the primary log; null where it is configured no more.</param>
/// <param name="QuarantineReason">Why it is quarantined, with the two notes that show it; null where it is not.</param>
public sealed record WatchedLog(
    string Id, int? Ordinal, string Backend, string Url, DateTimeOffset? QuarantinedAt, string? QuarantineReason,
    DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, string? LastError, string? LastErrorClass);

/// <summary>The state of anchoring for operators: sizes and times of every tenant, nothing of what is in the logs.</summary>
public sealed class AnchoringOverview(AdminDatabase database)
{
    // Every look-up in it is by an index that begins with the tenant; anchored is the primary key's last row of the kind.
    private const string TenantsSql = $"""
        SELECT t.tenant_id, t.current_epoch, {AnchorPolicy.Columns}, h.tree_size - 1, COALESCE(a.size, 0) - 1,
               (SELECT e.created_at FROM chain_entries e
                 WHERE e.tenant_id = t.tenant_id AND e.epoch = t.current_epoch AND e.seq = COALESCE(a.size, 0)),
               p.created_at, p.last_error_class, p.last_error,
               (SELECT count(*) FROM jobs d WHERE d.tenant_id = t.tenant_id AND d.status = 'dead_letter'
                   AND d.queue IN ('checkpoints.to_anchor', 'entries.to_anchor'))
          FROM tenants t
          JOIN tree_heads h ON h.tenant_id = t.tenant_id AND h.epoch = t.current_epoch
          LEFT JOIN LATERAL (SELECT max(c.position) AS size FROM anchors c
                              WHERE c.tenant_id = t.tenant_id AND c.epoch = t.current_epoch AND c.kind = 'checkpoint') a ON true
          LEFT JOIN LATERAL (SELECT j.created_at, j.last_error_class, j.last_error FROM jobs j
                              WHERE j.tenant_id = t.tenant_id AND j.queue = 'checkpoints.to_anchor'
                                AND j.status IN ('pending', 'running', 'dead_letter')
                              ORDER BY (j.status = 'dead_letter') DESC, j.created_at LIMIT 1) p ON true
         WHERE t.tenant_id > $1 ORDER BY t.tenant_id LIMIT $2
        """;

    /// <summary>At most <paramref name="limit"/> tenants by id, after the given one; the service's own logs are among them.</summary>
    public async Task<IReadOnlyList<TenantAnchoring>> ListAsync(string after, int limit, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(TenantsSql, cancel, Text(after), Int(limit));
        var found = new List<TenantAnchoring>();
        while (await reader.ReadAsync(cancel)) found.Add(ReadTenant(reader));
        return found;
    }

    /// <summary>Every log that the workers were ever configured with, the present ones first.</summary>
    public async Task<IReadOnlyList<WatchedLog>> LogsAsync(CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT tl_log_id, ordinal, backend, url, quarantined_at, quarantine_reason, last_success_at, last_failure_at, last_error,
                   last_error_class
              FROM transparency_logs ORDER BY ordinal NULLS LAST, tl_log_id
            """, cancel);
        var found = new List<WatchedLog>();
        while (await reader.ReadAsync(cancel))
            found.Add(new WatchedLog(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.GetString(2),
                reader.GetString(3), TimeOrNull(reader, 4), reader.GetTextOrNull(5), TimeOrNull(reader, 6), TimeOrNull(reader, 7),
                reader.GetTextOrNull(8), reader.GetTextOrNull(9)));
        return found;
    }

    private static TenantAnchoring ReadTenant(NpgsqlDataReader reader)
    {
        const int at = 2 + AnchorPolicy.ColumnCount;
        return new TenantAnchoring(TenantId.Parse(reader.GetString(0)), reader.GetInt32(1), AnchorPolicy.Read(reader, 2),
            reader.GetInt64(at), reader.GetInt64(at + 1), TimeOrNull(reader, at + 2), TimeOrNull(reader, at + 3),
            reader.GetTextOrNull(at + 4), reader.GetTextOrNull(at + 5), reader.GetInt64(at + 6));
    }

    private static DateTimeOffset? TimeOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetTime(column);
}
