using Ledger.Core.Operations;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Jobs;

/// <summary>A job that gave up.</summary>
/// <param name="Errors">The kept attempts, oldest first: a JSON array of <c>{"at","class","error"}</c>.</param>
public sealed record DeadLetter(
    TenantId Tenant, Guid Id, string Queue, int Attempts, int? Epoch, long? Position, string? TransparencyLog, string Args,
    string? LastError, JobErrorClass? LastErrorClass, string Errors, DateTimeOffset CreatedAt, DateTimeOffset DeadAt);

/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, string? NextCursor);

/// <summary>How a replay or a discard ended.</summary>
public enum DeadLetterOutcome
{
    Done,

    /// <summary>No such dead letter (any more).</summary>
    NotFound,

    /// <summary>What it is about no longer wants it: the tenant's policy is off, its log is quarantined or configured no more.</summary>
    NotEligible,
}

/// <summary>What an operator does with jobs that gave up.</summary>
public sealed class DeadLetters(LedgerDatabase database, AuditOutbox audit, TimeProvider time)
{
    /// <summary>All tenants', newest first.</summary>
    /// <param name="queue">One of <see cref="JobQueues"/>, or null for all.</param>
    /// <param name="cursor">From the page before; null for the newest.</param>
    /// <param name="limit">1 to 1 000; the caller checks.</param>
    /// <exception cref="Problems.LedgerProblemException">invalid-cursor.</exception>
    public Task<DeadLetterPage> ListAsync(string? queue, string? cursor, int limit, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>Makes it pending again with its attempts counted anew and its frozen bytes as they are; audited.</summary>
    /// <param name="actor">Who asked.</param>
    public Task<DeadLetterOutcome> ReplayAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>Gives it up for good; audited.</summary>
    public Task<DeadLetterOutcome> DiscardAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel) =>
        throw new NotImplementedException(database + audit.ToString() + time);
}
