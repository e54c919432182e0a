using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Jobs;

/// <summary>The one queue, in PostgreSQL: docs/jobs.md draws its states.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
public sealed class JobQueue(LedgerDatabase database, IdSource ids, TimeProvider time)
{
    /// <summary>Enqueues in the caller's transaction: no job without what it is about, and nothing without its job.</summary>
    public Task EnqueueAsync(LedgerTransaction transaction, IReadOnlyList<NewJob> jobs, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>The same as one statement of the caller's batch.</summary>
    public void Add(NpgsqlBatch batch, IReadOnlyList<NewJob> jobs) => throw new NotImplementedException();

    /// <summary>Leases due jobs of a queue; committed when this returns.</summary>
    public Task<IReadOnlyList<Job>> ClaimAsync(string queue, string owner, int limit, TimeSpan lease, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>Prolongs the lease. False where it lapsed and the job is another's.</summary>
    public Task<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Marks the job done in the transaction of its result. False where the lease is another's: then roll back.</summary>
    public Task<bool> CompleteAsync(LedgerTransaction transaction, Job job, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Keeps the failed attempt and makes the job pending again, or a dead letter.</summary>
    public Task FailAsync(Job job, JobFailedException failure, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Makes jobs of lapsed leases pending again; returns how many.</summary>
    public Task<int> RescueAsync(CancellationToken cancel) => throw new NotImplementedException(database + ids.ToString() + time);
}
