using System.Text.Json;

namespace Ledger.Core.Jobs;

/// <summary>How a failed attempt is kept on the row: the newest ones, oldest first.</summary>
internal static class JobErrors
{
    /// <remarks>Raw: <c>{"at":"2026-01-01T00:00:05Z","class":"network","error":"connection refused"}</c></remarks>
    public static string Element(DateTimeOffset at, JobErrorClass? errorClass, string text) =>
        JsonSerializer.Serialize(new { at = at.UtcDateTime, @class = errorClass.SqlName(), error = text });

    /// <summary>A message as a row can keep it: one line, of bounded length.</summary>
    public static string TextOf(string message)
    {
        var text = message.ReplaceLineEndings(" ").Replace('\0', ' ');
        if (text.Length <= JobLimits.ErrorCharacters) return text;
        var half = char.IsHighSurrogate(text[JobLimits.ErrorCharacters - 1]) ? 1 : 0;
        return text[..(JobLimits.ErrorCharacters - half)];
    }

    private static readonly string Kept =
        $"CASE WHEN jsonb_array_length(errors) >= {JobLimits.KeptErrors} THEN errors - 0 ELSE errors END";

    /// <summary>$4 whether it counts, $5 now, $6 the next try, $7 the error as an element, $8 its text, $9 its class,
    /// $10 until when the other side asked to be left alone.</summary>
    public static string FailSql(string held) => $"""
        UPDATE jobs SET status = CASE WHEN $4 AND counted_attempts + 1 >= max_attempts THEN 'dead_letter' ELSE 'pending' END,
                        finished_at = CASE WHEN $4 AND counted_attempts + 1 >= max_attempts THEN $5::timestamptz END,
                        next_retry_at = CASE WHEN $4 AND counted_attempts + 1 >= max_attempts THEN NULL ELSE $6::timestamptz END,
                        counted_attempts = counted_attempts + CASE WHEN $4 THEN 1 ELSE 0 END,
                        lease_owner = NULL, lease_until = NULL,
                        errors = {Kept} || $7::jsonb, last_error = $8, last_error_class = $9, not_before = $10
         WHERE {held}
        """;

    /// <summary>The same for jobs whose worker is gone: $1 now, $2 the next try, $3 the error as an element, $4 its text, $5 how many.
    /// </summary>
    public static string RescueSql => $"""
        WITH lapsed AS (
            SELECT tenant_id, id FROM jobs WHERE status = 'running' AND lease_until <= now()
             ORDER BY lease_until LIMIT $5 FOR UPDATE SKIP LOCKED)
        UPDATE jobs j SET status = CASE WHEN counted_attempts + 1 >= max_attempts THEN 'dead_letter' ELSE 'pending' END,
                          finished_at = CASE WHEN counted_attempts + 1 >= max_attempts THEN $1::timestamptz END,
                          next_retry_at = CASE WHEN counted_attempts + 1 >= max_attempts THEN NULL ELSE $2::timestamptz END,
                          counted_attempts = counted_attempts + 1, lease_owner = NULL, lease_until = NULL,
                          errors = {Kept} || $3::jsonb, last_error = $4, last_error_class = NULL
          FROM lapsed WHERE j.tenant_id = lapsed.tenant_id AND j.id = lapsed.id
        """;
}
