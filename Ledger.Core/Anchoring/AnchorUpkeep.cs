using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Keeps open anchor jobs in step with policies and configuration, which logs have to be looked at, and the age of what waits in
/// the metrics. One process at a time does it; the others leave it to that one.</summary>
public sealed class AnchorUpkeep(LedgerDatabase database, TransparencyLogs logs, AnchorMetrics metrics, TimeProvider time)
{
    private const string Turn = "anchor-upkeep";

    // In one go of each kind; the rest in the next.
    private const int JobsPerStep = 5000;

    private const string NoSuchLog = "its transparency log is configured no more: it waits";

    private static readonly string Queues = $"('{JobQueues.CheckpointAnchors}', '{JobQueues.EntryAnchors}')";

    // Rows in one order, and none that another holds: nobody waits for this, and this for nobody.
    private static readonly string Some = $"ORDER BY j.tenant_id, j.id LIMIT {JobsPerStep} FOR UPDATE OF j SKIP LOCKED";

    // By the index of policies that are off.
    private static readonly string DisableSql = $"""
        WITH chosen AS MATERIALIZED (
            SELECT j.tenant_id, j.id FROM tenants t JOIN jobs j ON j.tenant_id = t.tenant_id
             WHERE t.anchor_policy = 'off' AND j.queue IN {Queues} AND j.status = 'pending' {Some})
        UPDATE jobs j SET status = 'disabled', next_retry_at = NULL FROM chosen WHERE j.tenant_id = chosen.tenant_id AND j.id = chosen.id
        """;

    // A policy that is not entry wants no payload hash made public. From tenant to tenant that has such jobs, not from job to job.
    private static readonly string DisablePayloadsSql = $"""
        WITH RECURSIVE {Tenants("pending", $"= '{JobQueues.EntryAnchors}'")},
        chosen AS MATERIALIZED (
            SELECT j.tenant_id, j.id FROM having_jobs o
              JOIN tenants t ON t.tenant_id = o.tenant_id AND t.anchor_policy = 'checkpoint'
              JOIN jobs j ON j.tenant_id = t.tenant_id
             WHERE j.queue = '{JobQueues.EntryAnchors}' AND j.status = 'pending' AND {IsPayload} {Some})
        UPDATE jobs j SET status = 'disabled', next_retry_at = NULL FROM chosen WHERE j.tenant_id = chosen.tenant_id AND j.id = chosen.id
        """;

    private static readonly string EnableSql = $"""
        WITH RECURSIVE {Tenants("disabled", $"IN {Queues}")},
        chosen AS MATERIALIZED (
            SELECT j.tenant_id, j.id FROM having_jobs o
              JOIN tenants t ON t.tenant_id = o.tenant_id AND t.anchor_policy <> 'off'
              JOIN jobs j ON j.tenant_id = t.tenant_id
             WHERE j.queue IN {Queues} AND j.status = 'disabled' AND (t.anchor_policy = 'entry' OR NOT {IsPayload}) {Some})
        UPDATE jobs j SET status = 'pending', next_retry_at = $1 FROM chosen WHERE j.tenant_id = chosen.tenant_id AND j.id = chosen.id
        """;

    // From log to log that jobs wait for.
    private static readonly string NoSuchLogSql = $"""
        WITH RECURSIVE named AS (
            SELECT q.queue, (SELECT min(j.tl_log_id) FROM jobs j WHERE j.queue = q.queue AND j.status = 'pending') AS log
              FROM (VALUES ('{JobQueues.CheckpointAnchors}'), ('{JobQueues.EntryAnchors}')) q (queue)
             UNION ALL
            SELECT n.queue, (SELECT min(j.tl_log_id) FROM jobs j
                              WHERE j.queue = n.queue AND j.status = 'pending' AND j.tl_log_id > n.log)
              FROM named n WHERE n.log IS NOT NULL),
        chosen AS MATERIALIZED (
            SELECT j.tenant_id, j.id FROM named n JOIN jobs j ON j.queue = n.queue AND j.tl_log_id = n.log
             WHERE j.status = 'pending' AND j.last_error IS DISTINCT FROM $1
               AND NOT EXISTS (SELECT FROM transparency_logs l WHERE l.tl_log_id = n.log AND l.ordinal IS NOT NULL) {Some})
        UPDATE jobs j SET last_error = $1, last_error_class = 'config'
          FROM chosen WHERE j.tenant_id = chosen.tenant_id AND j.id = chosen.id
        """;

    // What is found quiet is left alone only while it is what was looked at: its size, and the number that other events raise.
    private const string SettleSql = """
        WITH quiet AS MATERIALIZED (
            SELECT h.tenant_id, h.epoch, h.tree_size, h.unanchored
              FROM tree_heads h JOIN tenants t ON t.tenant_id = h.tenant_id
             WHERE h.unanchored IS NOT NULL
               AND (t.anchor_policy = 'off' OR NOT EXISTS (
                       SELECT FROM transparency_logs l
                        WHERE l.ordinal IS NOT NULL
                          AND h.tree_size > COALESCE((SELECT max(a.position) FROM anchors a
                                                       WHERE a.tenant_id = h.tenant_id AND a.epoch = h.epoch AND a.kind = 'checkpoint'
                                                         AND a.tl_log_id = l.tl_log_id), 0)))),
        chosen AS MATERIALIZED (
            SELECT h.tenant_id, h.epoch FROM tree_heads h
              JOIN quiet q ON q.tenant_id = h.tenant_id AND q.epoch = h.epoch
             WHERE h.tree_size = q.tree_size AND h.unanchored = q.unanchored FOR UPDATE OF h SKIP LOCKED)
        UPDATE tree_heads h SET unanchored = NULL FROM chosen WHERE h.tenant_id = chosen.tenant_id AND h.epoch = chosen.epoch
        """;

    private const string IsPayload = "j.args @> '{\"kind\":\"payload\"}'";

    /// <summary>Disables the open jobs of tenants that switched anchoring off, and makes them pending again when they switched it on; says
    /// on jobs of a log that is configured no more what they wait for. Returns how many it changed.</summary>
    public async Task<int> FollowPoliciesAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        if (!await AnchorScheduler.TakeTurnAsync(transaction, Turn, cancel)) return 0;
        var changed = await transaction.ExecuteAsync(DisableSql, cancel);
        changed += await transaction.ExecuteAsync(DisablePayloadsSql, cancel);
        changed += await transaction.ExecuteAsync(EnableSql, cancel, Time(time.GetUtcNow()));
        changed += await transaction.ExecuteAsync(NoSuchLogSql, cancel, Text(NoSuchLog));
        await transaction.CommitAsync(cancel);
        return changed;
    }

    /// <summary>Leaves alone, until something happens to them, the logs that every configured transparency log holds to their end, and
    /// those of tenants that want nothing anchored. Returns how many.</summary>
    public async Task<int> SettleAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        if (!await AnchorScheduler.TakeTurnAsync(transaction, Turn, cancel)) return 0;
        var settled = await transaction.ExecuteAsync(SettleSql, cancel);
        await transaction.CommitAsync(cancel);
        return settled;
    }

    /// <summary>Looks how long the oldest checkpoint waits for the primary log.</summary>
    public async Task MeasureAsync(CancellationToken cancel)
    {
        if (logs.Primary is not { } primary) return;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        if (!await AnchorScheduler.TakeTurnAsync(transaction, Turn, cancel)) return;
        await using var reader = await transaction.QueryAsync($"SELECT min(first.created_at) {AnchorScheduler.Lag}", cancel,
            Text(primary.Trusted.LogId.ToHex()));
        await reader.ReadAsync(cancel);
        metrics.ShowPendingAge(reader.IsDBNull(0) ? TimeSpan.Zero : time.GetUtcNow() - reader.GetTime(0));
    }

    // One look-up in the index of unfinished jobs for each tenant that has any such.
    private static string Tenants(string status, string queue) => $"""
        having_jobs AS (
            (SELECT j.tenant_id FROM jobs j WHERE j.status = '{status}' AND j.queue {queue} ORDER BY j.tenant_id LIMIT 1)
             UNION ALL
            SELECT (SELECT j.tenant_id FROM jobs j
                     WHERE j.status = '{status}' AND j.queue {queue} AND j.tenant_id > o.tenant_id ORDER BY j.tenant_id LIMIT 1)
              FROM having_jobs o WHERE o.tenant_id IS NOT NULL)
        """;
}
