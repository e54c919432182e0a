using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Jobs;

/// <summary>Jobs of one queue in one status.</summary>
public readonly record struct JobCount(string Queue, string Status, long Count);

/// <summary>What keeps the queue in order. Every worker does it; that two do it at once does no harm.</summary>
public sealed class JobUpkeep(LedgerDatabase database, JobBackoff backoff, TimeProvider time)
{
    /// <summary>Jobs in one step.</summary>
    public const int JobsPerStep = 1000;

    private const string Abandoned = "its worker is gone, or was cut off from the database for longer than its lease";

    /// <summary>Makes jobs of lapsed leases pending again; returns how many. A worker's death counts as a failure of the job: a job that
    /// kills its workers ends as a dead letter.</summary>
    public async Task<int> RescueAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return await RunAsync(JobErrors.RescueSql, cancel, Time(now), Time(now + backoff.Next(attempts: 1)),
            Json(JobErrors.Element(now, null, Abandoned)), Text(Abandoned), Int(JobsPerStep));
    }

    /// <summary>Removes jobs that were finished long ago and that nobody reads; returns how many.</summary>
    public Task<int> CleanAsync(CancellationToken cancel) => RunAsync($"""
        DELETE FROM jobs j USING (
            SELECT tenant_id, id FROM jobs
             WHERE status IN ('done', 'discarded') AND queue <> '{JobQueues.CheckpointAnchors}' AND finished_at < $1
             LIMIT $2 FOR UPDATE SKIP LOCKED) old
         WHERE j.tenant_id = old.tenant_id AND j.id = old.id
        """, cancel, Time(time.GetUtcNow() - JobLimits.KeptDone), Int(JobsPerStep));

    /// <summary>A log that was away is back: what waits for it on its account need not wait longer than the log itself asked it to,
    /// whichever process heard that. Returns how many jobs.</summary>
    public Task<int> HastenAsync(string queue, string transparencyLog, CancellationToken cancel) => RunAsync("""
        WITH waiting AS (
            SELECT tenant_id, id FROM jobs
             WHERE queue = $1 AND tl_log_id = $2 AND status = 'pending' AND last_error_class = 'network'
               AND next_retry_at > GREATEST($3, not_before)
             ORDER BY tenant_id, id FOR UPDATE SKIP LOCKED)
        UPDATE jobs j SET next_retry_at = GREATEST($3, j.not_before)
          FROM waiting WHERE j.tenant_id = waiting.tenant_id AND j.id = waiting.id
        """, cancel, Text(queue), Text(transparencyLog), Time(time.GetUtcNow()));

    /// <summary>What is unfinished, of all tenants.</summary>
    public async Task<IReadOnlyList<JobCount>> CountAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT queue, status, count(*) FROM jobs
             WHERE status IN ('pending', 'running', 'dead_letter', 'disabled') GROUP BY queue, status
            """, cancel);
        var counts = new List<JobCount>();
        while (await reader.ReadAsync(cancel)) counts.Add(new JobCount(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return counts;
    }

    private async Task<int> RunAsync(string sql, CancellationToken cancel, params Npgsql.NpgsqlParameter[] parameters)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var changed = await transaction.ExecuteAsync(sql, cancel, parameters);
        await transaction.CommitAsync(cancel);
        return changed;
    }
}
