using Ledger.Core.Tenancy;

namespace Ledger.Core.Jobs;

/// <summary>Why an attempt failed, as <c>jobs.last_error_class</c> has it.</summary>
public enum JobErrorClass
{
    /// <summary>What a person must set right: a key, a setting, a refused request.</summary>
    Config,

    /// <summary>The other side cannot be reached or asks to wait. Never brings a job nearer to its dead letter.</summary>
    Network,

    /// <summary>The other side answers what it must not: a proof, a root, an entry that is not ours.</summary>
    Log,
}

/// <summary>A job to enqueue.</summary>
/// <param name="Queue">One of <see cref="JobQueues"/>.</param>
/// <param name="Args">A JSON object; what only the handler understands.</param>
/// <param name="Epoch">Anchor jobs: the epoch; null otherwise.</param>
/// <param name="Position">Anchor jobs: the tree size or the seq; null until chosen.</param>
/// <param name="TransparencyLog">Anchor jobs: 64 hex digits of the log's id.</param>
/// <param name="IsPrimary">Anchor jobs: whether that log is the primary one now.</param>
public sealed record NewJob(
    TenantId Tenant, string Queue, string Args = "{}", int? Epoch = null, long? Position = null, string? TransparencyLog = null,
    bool? IsPrimary = null, int MaxAttempts = NewJob.DefaultMaxAttempts)
{
    public const int DefaultMaxAttempts = 25;
}

/// <summary>A job that this worker holds the lease of.</summary>
/// <param name="Args">A JSON object.</param>
/// <param name="Attempts">Failed attempts that count toward <paramref name="MaxAttempts"/>.</param>
/// <param name="Owner">Who holds the lease; nothing is written to the row once somebody else does.</param>
/// <param name="FrozenSignature">DER; set once, the same in every attempt from then on.</param>
/// <param name="FrozenKeyId">The key of the signature: <c>signing_keys.key_id</c>.</param>
/// <param name="FrozenTimestamp">RFC 3161 token over the signature; set once.</param>
public sealed record Job(
    TenantId Tenant, Guid Id, string Queue, string Args, int Attempts, int MaxAttempts, string Owner, DateTimeOffset CreatedAt,
    int? Epoch, long? Position, string? TransparencyLog, bool? IsPrimary,
    byte[]? FrozenSignature, string? FrozenKeyId, byte[]? FrozenTimestamp);
