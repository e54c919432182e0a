using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>The table <c>transparency_logs</c>: which logs are configured, how they are, what may still be submitted to them.</summary>
public sealed class LogRows(LedgerDatabase database, TimeProvider time)
{
    // Every anchor would otherwise queue for the one row of its log; a second is exact enough for an operator.
    private static readonly TimeSpan Noted = TimeSpan.FromSeconds(1);

    /// <summary>Writes down the configuration, once at the start: of two that run at the same time the newest start wins. A log that it
    /// names no more keeps its row, without ordinal. One that names none says nothing of the others'.</summary>
    public async Task RegisterAsync(TransparencyLogs logs, CancellationToken cancel)
    {
        if (logs.All.Count == 0) return;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using (var batch = transaction.Batch().Add("""
                         UPDATE transparency_logs SET ordinal = NULL WHERE tl_log_id <> ALL ($1) AND ordinal IS NOT NULL
                         """, Texts([.. logs.All.Select(l => l.Trusted.LogId.ToHex())])))
        {
            foreach (var log in logs.All)
                batch.Add("""
                    INSERT INTO transparency_logs AS l (tl_log_id, ordinal, backend, url) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (tl_log_id) DO UPDATE SET ordinal = EXCLUDED.ordinal, backend = EXCLUDED.backend, url = EXCLUDED.url
                     WHERE (l.ordinal, l.backend, l.url) IS DISTINCT FROM (EXCLUDED.ordinal, EXCLUDED.backend, EXCLUDED.url)
                    """, Text(log.Trusted.LogId.ToHex()), Int(log.Ordinal), Text(log.Backend), Text(log.Url.AbsoluteUri));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whether anything may be submitted to a log at all: it is registered and not quarantined.</summary>
    public async Task<bool> IsOpenAsync(ITransparencyLog log, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT 1 FROM transparency_logs WHERE tl_log_id = $1 AND ordinal IS NOT NULL AND quarantined_at IS NULL
            """, cancel, Text(log.Trusted.LogId.ToHex()));
        return await reader.ReadAsync(cancel);
    }

    /// <summary>Takes one submission out of the log's budget, of all workers together.</summary>
    /// <param name="reserve">The share of a full bucket, 0 to 1, that is left for others.</param>
    /// <param name="take">False only looks.</param>
    /// <returns>How long until there is one; null where it may go.</returns>
    public async Task<TimeSpan?> TakeAsync(ITransparencyLog log, double reserve, bool take, CancellationToken cancel)
    {
        if (log.Budget is not { } budget) return null;
        var id = log.Trusted.LogId.ToHex();
        var state = budget.Full;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var read = $"SELECT budget_tokens, budget_at FROM transparency_logs WHERE tl_log_id = $1 {(take ? "FOR UPDATE" : "")}";
        await using (var reader = await transaction.QueryAsync(read, cancel, Text(id)))
        {
            if (await reader.ReadAsync(cancel) && !reader.IsDBNull(0))
                state = new SubmissionBudgetState(reader.GetDouble(0), reader.GetTime(1));
        }
        var (next, wait) = budget.Take(state, time.GetUtcNow());
        // Never more than leaves one in a full bucket: a reserve must not stop its others for good.
        var missing = Math.Min(budget.Full.Tokens * reserve, budget.Full.Tokens - 1) - next.Tokens;
        if (wait is null && missing > 0) wait = budget.Apart * missing;
        if (!take || wait is not null) return wait;
        await transaction.ExecuteAsync("UPDATE transparency_logs SET budget_tokens = $2, budget_at = $3 WHERE tl_log_id = $1", cancel,
            Text(id), Double(Math.Max(0, next.Tokens)), Time(next.At));
        await transaction.CommitAsync(cancel);
        return null;
    }

    /// <summary>For operators: when it last took something.</summary>
    public Task SucceededAsync(ITransparencyLog log, CancellationToken cancel) => NoteAsync("""
        UPDATE transparency_logs SET last_success_at = $2
         WHERE tl_log_id = $1 AND (last_success_at IS NULL OR last_success_at < $3)
        """, cancel, Text(log.Trusted.LogId.ToHex()), Time(time.GetUtcNow()), Time(time.GetUtcNow() - Noted));

    /// <summary>For operators: when and why it last did not.</summary>
    public Task FailedAsync(ITransparencyLog log, JobErrorClass errorClass, string reason, CancellationToken cancel) => NoteAsync("""
        UPDATE transparency_logs SET last_failure_at = $2, last_error = $4, last_error_class = $5
         WHERE tl_log_id = $1 AND (last_failure_at IS NULL OR last_failure_at < $3)
        """, cancel, Text(log.Trusted.LogId.ToHex()), Time(time.GetUtcNow()), Time(time.GetUtcNow() - Noted), Text(reason),
        Text(((JobErrorClass?)errorClass).SqlName()));

    private async Task NoteAsync(string sql, CancellationToken cancel, params Npgsql.NpgsqlParameter[] parameters)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await transaction.ExecuteAsync("SET LOCAL synchronous_commit = off", cancel);
        await transaction.ExecuteAsync(sql, cancel, parameters);
        await transaction.CommitAsync(cancel);
    }
}
