using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Jobs;

/// <summary>A job that gave up.</summary>
/// <param name="Args">A JSON object.</param>
/// <param name="Errors">The kept attempts, oldest first: a JSON array of <c>{"at","class","error"}</c>.</param>
public sealed record DeadLetter(
    TenantId Tenant, Guid Id, string Queue, int Attempts, int? Epoch, long? Position, string? TransparencyLog, string Args,
    string? LastError, JobErrorClass? LastErrorClass, string Errors, DateTimeOffset CreatedAt, DateTimeOffset DeadAt)
{
    internal const string Columns = """
        j.tenant_id, j.id, j.queue, j.attempt_count, j.epoch, j.position, j.tl_log_id, j.args::text, j.last_error, j.last_error_class,
        j.errors::text, j.created_at, j.finished_at
        """;

    internal static DeadLetter Read(NpgsqlDataReader reader) => new(
        TenantId.Parse(reader.GetString(0)), reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3),
        reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.GetLongOrNull(5), reader.GetTextOrNull(6), reader.GetString(7),
        reader.GetTextOrNull(8), JobErrorClasses.Parse(reader.GetTextOrNull(9)), reader.GetString(10), reader.GetTime(11),
        reader.GetTime(12));
}

/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, string? NextCursor);

/// <summary>How a replay or a discard ended.</summary>
/// <param name="Refusal">Of <see cref="DeadLetterStatus.NotEligible"/>: why.</param>
public sealed record DeadLetterOutcome(DeadLetterStatus Status, string? Refusal = null);

/// <summary>What a replay of many did.</summary>
/// <param name="Replayed">Those that are pending again.</param>
/// <param name="Left">Those that are dead letters still: not wanted, or more than one call takes.</param>
public sealed record DeadLettersReplayed(int Replayed, long Left);

public enum DeadLetterStatus
{
    Done,

    /// <summary>No such dead letter (any more).</summary>
    NotFound,

    /// <summary>What it is about no longer wants it: the tenant's policy is off, its log is quarantined or configured no more.</summary>
    NotEligible,
}
