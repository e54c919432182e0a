using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Decides whose log is due for which transparency log, and makes the jobs. Any number may run: that a tenant has one open job per
/// log is the table's rule, not theirs; taking turns only saves work.</summary>
public sealed class AnchorScheduler(LedgerDatabase database, TransparencyLogs logs, JobQueue queue, TimeProvider time)
{
    /// <summary>Jobs made in one step for one log.</summary>
    public const int JobsPerStep = 500;

    /// <summary>The logs of tenants in a transparency log, with how far it holds them and since when it holds less than there is.
    /// $1 the log. Only those that somebody has to look at (<see cref="AnchorUpkeep.SettleAsync"/>), with one look-up by key for each: a
    /// tenant that writes nothing costs nothing.</summary>
    internal const string Lag = """
          FROM tree_heads h
          JOIN tenants t ON t.tenant_id = h.tenant_id AND t.anchor_policy <> 'off'
          JOIN chain_heads c ON c.tenant_id = h.tenant_id AND c.epoch = h.epoch AND c.halted IS NULL
          LEFT JOIN LATERAL (SELECT n.position, n.submitted_at FROM anchors n
                              WHERE n.tenant_id = h.tenant_id AND n.epoch = h.epoch AND n.kind = 'checkpoint' AND n.tl_log_id = $1
                              ORDER BY n.position DESC LIMIT 1) a ON true
         CROSS JOIN LATERAL (SELECT k.created_at FROM checkpoints k
                              WHERE k.tenant_id = h.tenant_id AND k.epoch = h.epoch AND k.tree_size > COALESCE(a.position, 0)
                              ORDER BY k.tree_size LIMIT 1) first
         WHERE h.unanchored IS NOT NULL
        """;

    // Due: so many entries, or so long, whichever is first; and never sooner than the log's budget, with $3 seconds between two
    // submissions, has a turn for each active tenant. Those are counted only once somebody is found who may be due.
    private static readonly string DueSql = $"""
        SELECT h.tenant_id, h.epoch
        {Lag}
           AND (h.tree_size - COALESCE(a.position, 0) >= t.anchor_entries
                OR first.created_at <= $2 - make_interval(secs => t.anchor_seconds))
           AND ($3 = 0 OR a.submitted_at IS NULL OR a.submitted_at <= $2 - make_interval(secs => $3 *
                   (SELECT count(*) FROM tenants WHERE state = 'active' AND anchor_policy <> 'off')))
           AND NOT EXISTS (SELECT FROM jobs j
                            WHERE j.tenant_id = h.tenant_id AND j.epoch = h.epoch AND j.tl_log_id = $1
                              AND j.queue = '{JobQueues.CheckpointAnchors}'
                              AND j.status IN ('pending', 'running', 'dead_letter', 'disabled'))
           AND EXISTS (SELECT FROM transparency_logs l WHERE l.tl_log_id = $1 AND l.ordinal IS NOT NULL AND l.quarantined_at IS NULL)
         ORDER BY first.created_at LIMIT {JobsPerStep}
        """;

    /// <summary>Makes what jobs are due; returns how many. <see cref="JobsPerStep"/> or more: there may be others.</summary>
    public async Task<int> ScheduleAsync(CancellationToken cancel)
    {
        var made = 0;
        foreach (var log in logs.All) made += await ScheduleAsync(log, cancel);
        return made;
    }

    private async Task<int> ScheduleAsync(ITransparencyLog log, CancellationToken cancel)
    {
        var id = log.Trusted.LogId.ToHex();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        if (!await TakeTurnAsync(transaction, $"anchor-scheduler {id}", cancel)) return 0;
        var due = new List<NewJob>();
        await using (var reader = await transaction.QueryAsync(DueSql, cancel, Text(id), Time(time.GetUtcNow()),
                         Double(log.Budget?.Apart.TotalSeconds ?? 0)))
            while (await reader.ReadAsync(cancel))
                due.Add(new NewJob(TenantId.Parse(reader.GetString(0)), JobQueues.CheckpointAnchors, Epoch: reader.GetInt32(1),
                    TransparencyLog: id, IsPrimary: log.Ordinal == 0));
        if (due.Count == 0) return 0;

        await using var batch = transaction.Batch();
        queue.Add(batch, due);
        batch.Add("SELECT pg_notify($1, $2)", Text(JobQueues.WakeChannel), Text(JobQueues.CheckpointAnchors));
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return due.Count;
    }

    /// <summary>Whether this process may do a thing now, until its transaction ends: one at a time is enough, however many workers there
    /// are.</summary>
    internal static async Task<bool> TakeTurnAsync(LedgerTransaction transaction, string what, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", cancel,
            Text(what));
        return await reader.ReadAsync(cancel) && reader.GetBoolean(0);
    }
}
