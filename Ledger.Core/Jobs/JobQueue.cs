using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Jobs;

/// <summary>The one queue, in PostgreSQL: docs/jobs.md draws its states. Any number of workers may claim from it at once. Leases are on the
/// database's clock, retries on the worker's.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
public sealed class JobQueue(LedgerDatabase database, IdSource ids, JobBackoff backoff, TimeProvider time)
{
    // One statement: who sees a due job has it. What is locked is another's claim under way.
    private static string ClaimSql(string ofLog) => $"""
        WITH due AS (
            SELECT j.tenant_id, j.id FROM jobs j
             WHERE j.queue = $1 AND {ofLog} AND j.status = 'pending' AND j.next_retry_at <= $2
             ORDER BY j.next_retry_at, j.created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
        UPDATE jobs j SET status = 'running', attempt_count = j.attempt_count + 1, next_retry_at = NULL,
                          lease_owner = $4, lease_until = now() + make_interval(secs => $5)
          FROM due WHERE j.tenant_id = due.tenant_id AND j.id = due.id
        RETURNING {Job.Columns}
        """;

    private static readonly string ClaimOfQueueSql = ClaimSql("j.tl_log_id IS NULL");
    private static readonly string ClaimOfLogSql = ClaimSql("j.tl_log_id = $6");

    // Whoever lost its lease writes nothing more: the name of an owner is of one claim alone.
    internal const string Held = "tenant_id = $1 AND id = $2 AND lease_owner = $3 AND status = 'running'";

    // A claim that a crash of the server forgets was never made: its commit waits for no disk.
    internal const string NotWaitedFor = "SET LOCAL synchronous_commit = off";

    /// <summary>Enqueues in the caller's transaction: no job without what it is about, and nothing without its job.</summary>
    public async Task EnqueueAsync(LedgerTransaction transaction, IReadOnlyList<NewJob> jobs, CancellationToken cancel)
    {
        await using var batch = transaction.Batch();
        Add(batch, jobs);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The same as statements of the caller's batch.</summary>
    public void Add(LedgerBatch batch, IReadOnlyList<NewJob> jobs) => NewJobRows.Add(batch, jobs, ids, time.GetUtcNow());

    /// <summary>Leases due jobs of a queue, of one transparency log where one is named; committed when this returns.</summary>
    public async Task<IReadOnlyList<Job>> ClaimAsync(string queue, string? transparencyLog, int limit, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        List<NpgsqlParameter> parameters = [Text(queue), Time(now), Int(limit),
            Text($"{Environment.MachineName}:{ids.NewId(now)}"), Seconds(JobLimits.Lease)];
        if (transparencyLog is not null) parameters.Add(Text(transparencyLog));

        var claimed = new List<Job>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await transaction.ExecuteAsync(NotWaitedFor, cancel);
        await using (var reader = await transaction.QueryAsync(transparencyLog is null ? ClaimOfQueueSql : ClaimOfLogSql, cancel,
                         [.. parameters]))
            while (await reader.ReadAsync(cancel)) claimed.Add(Job.Read(reader));
        // A commit that nobody waits for any more may still happen, and its jobs would be nobody's until their lease lapses.
        await transaction.CommitAsync(CancellationToken.None);
        return [.. claimed.Select(job => job with { Claimed = (now, time.GetUtcNow()) })];
    }

    /// <summary>Prolongs the lease. False where it lapsed and the job is another's.</summary>
    public Task<bool> RenewAsync(Job job, CancellationToken cancel) =>
        ChangeAsync(job, $"UPDATE jobs SET lease_until = now() + make_interval(secs => $4) WHERE {Held}", cancel, Seconds(JobLimits.Lease));

    /// <summary>Marks the job done in the transaction of its result.</summary>
    /// <exception cref="JobLeaseLostException">It is another's: roll back.</exception>
    public async Task CompleteAsync(LedgerTransaction transaction, Job job, CancellationToken cancel)
    {
        var done = await transaction.ExecuteAsync($"""
            UPDATE jobs SET status = 'done', finished_at = $4, lease_owner = NULL, lease_until = NULL,
                            last_error = NULL, last_error_class = NULL
             WHERE {Held}
            """, cancel, Text(job.Tenant.Value), Id(job.Id), Text(job.Owner), Time(time.GetUtcNow()));
        if (done == 0) throw new JobLeaseLostException();
    }

    /// <summary>Keeps the failed attempt and makes the job pending again, or a dead letter. Nothing happens where it is
    /// another's.</summary>
    public async Task<bool> FailAsync(Job job, JobFailedException failure, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var text = JobErrors.TextOf(failure.Message);
        var pause = backoff.Next(job.Attempts, failure.RetryAfter, failure.Counts ? null : JobLimits.LongestOutagePause);
        return await ChangeAsync(job, JobErrors.FailSql(Held), cancel, Flag(failure.Counts),
            Time(now), Time(now + pause), Json(JobErrors.Element(now, failure.Class, text)), Text(text),
            Text(failure.Class.SqlName()), Time(now + JobBackoff.Asked(failure.RetryAfter)));
    }

    /// <summary>Gives the job back unattempted. Nothing happens where it is another's.</summary>
    /// <param name="reason">What it waits for, for operators: its last error, of no class. Null leaves what the row says.</param>
    /// <returns>Whether the row says something new.</returns>
    public async Task<bool> PostponeAsync(Job job, TimeSpan wait, string? reason, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        bool isNews;
        await using (var reader = await transaction.QueryAsync($"""
            WITH held AS (SELECT tenant_id, id, last_error FROM jobs WHERE {Held} FOR UPDATE)
            UPDATE jobs j SET status = 'pending', attempt_count = GREATEST(j.attempt_count - 1, 0), next_retry_at = $4,
                              lease_owner = NULL, lease_until = NULL, last_error = COALESCE($5, j.last_error),
                              last_error_class = CASE WHEN $5::text IS NULL THEN j.last_error_class END
              FROM held WHERE j.tenant_id = held.tenant_id AND j.id = held.id
            RETURNING j.last_error IS DISTINCT FROM held.last_error
            """, cancel, Text(job.Tenant.Value), Id(job.Id), Text(job.Owner), Time(time.GetUtcNow() + wait),
            Text(reason is null ? null : JobErrors.TextOf(reason))))
            isNews = await reader.ReadAsync(cancel) && reader.GetBoolean(0);
        await transaction.CommitAsync(cancel);
        return isNews;
    }

    private async Task<bool> ChangeAsync(Job job, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        var changed = await transaction.ExecuteAsync(sql, cancel,
            [Text(job.Tenant.Value), Id(job.Id), Text(job.Owner), .. parameters]);
        await transaction.CommitAsync(cancel);
        return changed == 1;
    }

    private static NpgsqlParameter Seconds(TimeSpan span) => Double(span.TotalSeconds);
}
