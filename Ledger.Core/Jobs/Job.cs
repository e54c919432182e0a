using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Jobs;

/// <summary>A job to enqueue.</summary>
/// <param name="Queue">One of <see cref="JobQueues"/>.</param>
/// <param name="Args">A JSON object; what only the handler understands.</param>
/// <param name="Epoch">Anchor jobs: the epoch; null otherwise.</param>
/// <param name="Position">Anchor jobs: the tree size or the seq; null until chosen.</param>
/// <param name="TransparencyLog">Anchor jobs: 64 hex digits of the log's id.</param>
/// <param name="IsPrimary">Anchor jobs: whether that log is the primary one now.</param>
/// <param name="MaxAttempts">Failures that count until it is a dead letter.</param>
public sealed record NewJob(
    TenantId Tenant, string Queue, string Args = "{}", int? Epoch = null, long? Position = null, string? TransparencyLog = null,
    bool? IsPrimary = null, int MaxAttempts = NewJob.DefaultMaxAttempts)
{
    public const int DefaultMaxAttempts = 25;
}

/// <summary>A job that this worker holds the lease of.</summary>
/// <param name="Args">A JSON object.</param>
/// <param name="Attempts">This one included, whether earlier ones counted or not.</param>
/// <param name="Owner">Who holds the lease, of this claim alone; nothing is written to the row once somebody else does.</param>
/// <param name="FrozenSignature">DER; set once, the same in every attempt from then on.</param>
/// <param name="FrozenKeyId">The key that the signature verifies under.</param>
/// <param name="FrozenTimestamp">RFC 3161 token over the signature; set once.</param>
public sealed record Job(
    TenantId Tenant, Guid Id, string Queue, string Args, int Attempts, int MaxAttempts, string Owner, DateTimeOffset CreatedAt,
    int? Epoch, long? Position, string? TransparencyLog, bool? IsPrimary,
    byte[]? FrozenSignature, string? FrozenKeyId, byte[]? FrozenTimestamp)
{
    /// <summary>When the look that claimed it began and ended.</summary>
    internal (DateTimeOffset Begun, DateTimeOffset Ended) Claimed { get; init; }

    internal const string Columns = """
        j.tenant_id, j.id, j.queue, j.args::text, j.attempt_count, j.max_attempts, j.lease_owner, j.created_at,
        j.epoch, j.position, j.tl_log_id, j.is_primary, j.frozen_signature, j.frozen_key_id, j.frozen_timestamp
        """;

    internal static Job Read(NpgsqlDataReader reader) => new(
        TenantId.Parse(reader.GetString(0)), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4),
        reader.GetInt32(5), reader.GetString(6), reader.GetTime(7), reader.IsDBNull(8) ? null : reader.GetInt32(8),
        reader.GetLongOrNull(9), reader.GetTextOrNull(10), reader.IsDBNull(11) ? null : reader.GetBoolean(11),
        reader.GetBytesOrNull(12), reader.GetTextOrNull(13), reader.GetBytesOrNull(14));
}
