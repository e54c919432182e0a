using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Entries;

namespace Ledger.Core.Tests.Jobs;

/// <summary>The queue on a database of its own, as a worker process and as an operator have it. Its clock stands still, its dice always
/// show the same.</summary>
internal sealed class QueueUnderTest : IAsyncDisposable
{
    public const string Queue = "reports.monthly";

    private readonly LedgerUnderTest ledger;
    private readonly LedgerProcess worker;
    private readonly AdminDatabase operators;
    private readonly IdSource ids = new();

    private QueueUnderTest(LedgerUnderTest ledger)
    {
        this.ledger = ledger;
        worker = ledger.StartProcess(DatabaseRole.Worker);
        operators = new AdminDatabase(ledger.Database.Api);
        Jobs = new JobQueue(worker.Database, ids, Backoff, ledger.Time);
        Frozen = new FrozenBytes(worker.Database);
        Upkeep = new JobUpkeep(worker.Database, Backoff, ledger.Time);
        Runner = new JobRunner(Jobs, ledger.Time, Log.For<JobRunner>());
    }

    public static JobBackoff Backoff { get; } = new(new Dice(1));

    public LedgerUnderTest Ledger => ledger;

    public LedgerDatabase Database => worker.Database;

    public RecordedLog Log { get; } = new();

    public JobQueue Jobs { get; }

    public FrozenBytes Frozen { get; }

    public JobUpkeep Upkeep { get; }

    public JobRunner Runner { get; }

    public static async Task<QueueUnderTest> StartAsync() => new(await LedgerUnderTest.StartAsync());

    public DeadLetters DeadLetters(params IReplayCheck[] checks) =>
        new(operators, new AuditOutbox(ledger.Time, ids), checks, ledger.Time);

    public static NewJob Job(string tenant = "demo", string queue = Queue, int maxAttempts = 3) =>
        new(TenantId.Parse(tenant), queue, MaxAttempts: maxAttempts);

    public async Task EnqueueAsync(params NewJob[] jobs)
    {
        await using var transaction = await worker.Database.BeginAcrossTenantsAsync(CancellationToken.None);
        await Jobs.EnqueueAsync(transaction, jobs, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    public async Task<Job> ClaimOneAsync(string queue = Queue, string? log = null) => Assert.Single(await ClaimAsync(queue, log));

    public Task<IReadOnlyList<Job>> ClaimAsync(string queue = Queue, string? log = null, int limit = 10) =>
        Jobs.ClaimAsync(queue, log, limit, CancellationToken.None);

    public async Task CompleteAsync(Job job)
    {
        await using var transaction = await worker.Database.BeginAsync(job.Tenant, CancellationToken.None);
        await Jobs.CompleteAsync(transaction, job, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Fails a job until it is a dead letter.</summary>
    public async Task KillAsync(string queue = Queue, string? log = null)
    {
        for (; ; ledger.Time.Advance(JobLimits.LongestPause))
        {
            if (await ClaimAsync(queue, log) is not [var job]) return;
            await Jobs.FailAsync(job, new JobFailedException(JobErrorClass.Config, "no such key"), CancellationToken.None);
        }
    }

    public Task LapseLeasesAsync() => ledger.SqlAsync("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE status = 'running'");

    /// <summary>The only job's columns, with '|' between.</summary>
    public async Task<string> RowAsync(string columns) => Assert.Single(await ledger.TableAsync($"SELECT {columns} FROM jobs"));

    public async ValueTask DisposeAsync()
    {
        await operators.DisposeAsync();
        await ledger.DisposeAsync();
    }
}

/// <summary>Dice of one face.</summary>
internal sealed class Dice(double face) : RandomSource
{
    public override double Next() => face;
}
