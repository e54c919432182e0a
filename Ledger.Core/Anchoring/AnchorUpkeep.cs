using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Keeps open anchor jobs in step with policies and configuration, and the age of what waits in the metrics.</summary>
public sealed class AnchorUpkeep(LedgerDatabase database, TransparencyLogs logs, AnchorMetrics metrics, TimeProvider time)
{
    private const string NoSuchLog = "its transparency log is configured no more: it waits";

    private static readonly string Queues = $"('{JobQueues.CheckpointAnchors}', '{JobQueues.EntryAnchors}')";

    // A policy that is off wants nothing anchored; one that is not entry wants no payload hash made public.
    private const string Unwanted = "(t.anchor_policy = 'off' OR (t.anchor_policy <> 'entry' AND j.args @> '{\"kind\":\"payload\"}'))";

    /// <summary>Disables the open jobs of tenants that switched anchoring off, and makes them pending again when they switched it on; says
    /// on jobs of a log that is configured no more what they wait for. Returns how many it changed.</summary>
    public async Task<int> FollowPoliciesAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var now = Time(time.GetUtcNow());
        var changed = await transaction.ExecuteAsync($"""
            UPDATE jobs j SET status = 'disabled', next_retry_at = NULL
              FROM tenants t WHERE t.tenant_id = j.tenant_id AND j.queue IN {Queues} AND j.status = 'pending' AND {Unwanted}
            """, cancel);
        changed += await transaction.ExecuteAsync($"""
            UPDATE jobs j SET status = 'pending', next_retry_at = $1
              FROM tenants t WHERE t.tenant_id = j.tenant_id AND j.queue IN {Queues} AND j.status = 'disabled' AND NOT {Unwanted}
            """, cancel, now);
        changed += await transaction.ExecuteAsync($"""
            UPDATE jobs j SET last_error = $1, last_error_class = 'config'
             WHERE j.queue IN {Queues} AND j.status = 'pending' AND j.last_error IS DISTINCT FROM $1
               AND NOT EXISTS (SELECT FROM transparency_logs l WHERE l.tl_log_id = j.tl_log_id AND l.ordinal IS NOT NULL)
            """, cancel, Text(NoSuchLog));
        await transaction.CommitAsync(cancel);
        return changed;
    }

    /// <summary>Looks how long the oldest checkpoint waits for the primary log.</summary>
    public async Task MeasureAsync(CancellationToken cancel)
    {
        if (logs.Primary is not { } primary) return;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"SELECT min(first.created_at) {AnchorScheduler.Lag}", cancel,
            Text(primary.Trusted.LogId.ToHex()));
        await reader.ReadAsync(cancel);
        metrics.ShowPendingAge(reader.IsDBNull(0) ? TimeSpan.Zero : time.GetUtcNow() - reader.GetTime(0));
    }
}
