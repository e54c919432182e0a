using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Jobs;

/// <summary>What an operator does with jobs that gave up. Runs in the operators' role.</summary>
public sealed class DeadLetters(AdminDatabase operators, AuditOutbox audit, IEnumerable<IReplayCheck> checks, TimeProvider time)
{
    private const string FindSql = $"""
        SELECT {DeadLetter.Columns} FROM jobs j WHERE j.tenant_id = $1 AND j.id = $2 AND j.status = 'dead_letter' FOR UPDATE
        """;

    private const string Chosen = """
        j.status = 'dead_letter' AND ($1::text IS NULL OR j.queue = $1) AND ($2::text IS NULL OR j.tl_log_id = $2)
        """;

    /// <summary>Jobs that <see cref="ReplayAllAsync"/> replays at most.</summary>
    public const int ReplaysPerCall = 500;

    private const int LooksPerCall = 10 * ReplaysPerCall;

    private byte[]? cursorSecret;

    /// <summary>All tenants', newest first.</summary>
    /// <param name="queue">One of <see cref="JobQueues"/>, or null for all.</param>
    /// <param name="cursor">From the page before; null for the newest.</param>
    /// <param name="limit">1 to 1 000; the caller checks.</param>
    /// <exception cref="LedgerProblemException">invalid-cursor.</exception>
    public async Task<DeadLetterPage> ListAsync(string? queue, string? cursor, int limit, CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAcrossTenantsAsync(cancel);
        var secret = cursorSecret ??= await ReadSecretAsync(transaction, cancel);
        (DateTimeOffset DeadAt, Guid Id) after = (DateTimeOffset.MaxValue, Guid.AllBitsSet);
        if (cursor is not null && !DeadLetterCursor.TryRead(secret, queue, cursor, out after))
            throw new LedgerProblemException(ProblemTypes.InvalidCursor, "The cursor was not made for this list.", "cursor");

        await using var reader = await transaction.QueryAsync($"""
            SELECT {DeadLetter.Columns} FROM jobs j
             WHERE j.status = 'dead_letter' AND ($1::text IS NULL OR j.queue = $1) AND (j.finished_at, j.id) < ($2, $3)
             ORDER BY j.finished_at DESC, j.id DESC LIMIT $4
            """, cancel, Text(queue), Time(after.DeadAt), Id(after.Id), Int(limit + 1));
        var items = new List<DeadLetter>();
        while (await reader.ReadAsync(cancel)) items.Add(DeadLetter.Read(reader));
        if (items.Count <= limit) return new DeadLetterPage(items, null);
        return new DeadLetterPage(items[..limit],
            DeadLetterCursor.Write(secret, queue, items[limit - 1].DeadAt, items[limit - 1].Id));
    }

    /// <summary>Makes it pending again with its attempts counted anew and its frozen bytes as they are; audited.</summary>
    /// <param name="actor">Who asked.</param>
    public Task<DeadLetterOutcome> ReplayAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel) =>
        ChangeAsync(tenant, id, actor, "dead-letter.replay", checkFirst: true, """
            UPDATE jobs SET status = 'pending', finished_at = NULL, next_retry_at = $3, attempt_count = 0, counted_attempts = 0
             WHERE tenant_id = $1 AND id = $2
            """, cancel);

    /// <summary>Replays those that may be, the oldest first, at most <see cref="ReplaysPerCall"/>; each is audited.</summary>
    /// <param name="queue">One of <see cref="JobQueues"/>, or null for all.</param>
    /// <param name="transparencyLog">64 hex digits, or null for all.</param>
    /// <param name="actor">Who asked.</param>
    public async Task<DeadLettersReplayed> ReplayAllAsync(string? queue, string? transparencyLog, string actor, CancellationToken cancel)
    {
        var replayed = 0;
        (DateTimeOffset DeadAt, Guid Id) after = (DateTimeOffset.MinValue, Guid.Empty);
        // Those that nobody wants stay where they are: they must not be all that a call ever looks at.
        for (var looked = 0; looked < LooksPerCall;)
        {
            var page = await OldestAsync(queue, transparencyLog, after, cancel);
            foreach (var letter in page)
            {
                var outcome = await ReplayAsync(letter.Tenant, letter.Id, actor, cancel);
                if (outcome.Status == DeadLetterStatus.Done && ++replayed == ReplaysPerCall) break;
                after = (letter.DeadAt, letter.Id);
            }
            looked += page.Count;
            if (page.Count < ReplaysPerCall || replayed == ReplaysPerCall) break;
        }
        await using var transaction = await operators.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"SELECT count(*) FROM jobs j WHERE {Chosen}", cancel, Text(queue),
            Text(transparencyLog));
        await reader.ReadAsync(cancel);
        return new DeadLettersReplayed(replayed, reader.GetInt64(0));
    }

    private async Task<List<DeadLetter>> OldestAsync(string? queue, string? transparencyLog, (DateTimeOffset DeadAt, Guid Id) after,
        CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT {DeadLetter.Columns} FROM jobs j WHERE {Chosen} AND (j.finished_at, j.id) > ($3, $4)
             ORDER BY j.finished_at, j.id LIMIT {ReplaysPerCall}
            """, cancel, Text(queue), Text(transparencyLog), Time(after.DeadAt), Id(after.Id));
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(cancel)) letters.Add(DeadLetter.Read(reader));
        return letters;
    }

    /// <summary>Gives it up for good; audited.</summary>
    /// <param name="actor">Who asked.</param>
    public Task<DeadLetterOutcome> DiscardAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel) =>
        ChangeAsync(tenant, id, actor, "dead-letter.discard", checkFirst: false,
            "UPDATE jobs SET status = 'discarded', finished_at = $3 WHERE tenant_id = $1 AND id = $2", cancel);

    private async Task<DeadLetterOutcome> ChangeAsync(TenantId tenant, Guid id, string actor, string action, bool checkFirst, string sql,
        CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        if (await FindAsync(transaction, tenant, id, cancel) is not { } letter) return new DeadLetterOutcome(DeadLetterStatus.NotFound);
        foreach (var check in checkFirst ? checks.Where(c => c.Queue == letter.Queue) : [])
            if (await check.RefusalAsync(transaction, letter, cancel) is { } refusal)
                return new DeadLetterOutcome(DeadLetterStatus.NotEligible, refusal);
        try
        {
            await transaction.ExecuteAsync(sql, cancel, Text(tenant.Value), Id(id), Time(time.GetUtcNow()));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // What it is about has one open job, and got a newer one since the check. The transaction is over: nothing was changed.
            return new DeadLetterOutcome(DeadLetterStatus.NotEligible, "A newer job is at the same.");
        }
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, action, $"{letter.Queue}/{id}"), cancel);
        await using (var wake = transaction.Batch().Add("SELECT pg_notify($1, $2)", Text(JobQueues.WakeChannel), Text(letter.Queue)))
            await wake.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new DeadLetterOutcome(DeadLetterStatus.Done);
    }

    private static async Task<DeadLetter?> FindAsync(LedgerTransaction transaction, TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(FindSql, cancel, Text(tenant.Value), Id(id));
        return await reader.ReadAsync(cancel) ? DeadLetter.Read(reader) : null;
    }

    private static async Task<byte[]> ReadSecretAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        await using NpgsqlDataReader reader = await transaction.QueryAsync("SELECT secret FROM cursor_keys WHERE id = 1", cancel);
        await reader.ReadAsync(cancel);
        return reader.GetFieldValue<byte[]>(0);
    }
}
