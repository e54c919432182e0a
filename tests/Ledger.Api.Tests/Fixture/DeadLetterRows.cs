using Npgsql;

namespace Ledger.Api.Tests.Fixture;

/// <summary>Jobs that gave up, as the workers leave them.</summary>
internal static class DeadLetterRows
{
    /// <param name="log">64 hex digits of a log that is configured, as far as the database knows.</param>
    public static async Task AddDeadLetterAsync(this ApiUnderTest ledger, string tenant, string id, string queue = "checkpoints.to_anchor",
        string? log = null, int minute = 0)
    {
        log ??= AnchorRows.LogA;
        await using var configured = ledger.Owner.CreateCommand($"""
            INSERT INTO ledger.transparency_logs (tl_log_id, ordinal, backend, url) VALUES ('{log}', 0, 'rekor-v1', 'http://log')
                ON CONFLICT (tl_log_id) DO UPDATE SET ordinal = 0
            """);
        await configured.ExecuteNonQueryAsync();
        await using var command = ledger.Owner.CreateCommand("""
            INSERT INTO ledger.jobs (tenant_id, id, queue, status, args, attempt_count, counted_attempts, max_attempts, errors, last_error,
                                     last_error_class, epoch, position, tl_log_id, is_primary, created_at, finished_at)
            VALUES ($1, $2::uuid, $3, 'dead_letter', '{"kind":"attestation"}', 27, 25, 25,
                    '[{"at":"2026-01-01T00:00:00.000000Z","class":"log","error":"wrong root"}]', 'wrong root', 'log', 1, 3, $4, true,
                    '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'::timestamptz + make_interval(mins => $5))
            """);
        foreach (var text in new[] { tenant, id, queue, log }) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = minute });
        await command.ExecuteNonQueryAsync();
    }
}
