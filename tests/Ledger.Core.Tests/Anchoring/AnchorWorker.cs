using Ledger.Core.Anchoring;
using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Core.Tests.Jobs;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The anchoring half of a worker process, whose loops are the test's.</summary>
internal sealed class AnchorWorker
{
    private readonly JobRunner runner;

    public AnchorWorker(TestAnchoring anchoring, LedgerProcess process, TransparencyLogs logs)
    {
        var (database, time, log) = (process.Database, anchoring.Ledger.Time, anchoring.Ledger.Log);
        var backoff = new JobBackoff(new Dice(1));
        Jobs = new JobQueue(database, new IdSource(), backoff, time);
        Upkeep = new JobUpkeep(database, backoff, time);
        Rows = new LogRows(database, time);
        Scheduler = new AnchorScheduler(database, logs, Jobs, time);
        var metrics = new AnchorMetrics(anchoring.Meter);
        AnchorUpkeep = new AnchorUpkeep(database, logs, metrics, time);
        runner = new JobRunner(Jobs, time, log.For<JobRunner>());

        var frozen = new FrozenBytes(database);
        var signing = new AnchorSigning(database, process.Signer, new KeyNames("ledger-ed25519"));
        var watch = new LogWatch(database, new LogQuarantine(database, process.Audit, time),
            new LogWarnings(database, Options.Create(new LogWatchOptions()), time, log.For<LogWarnings>()),
            new LogWatchMetrics(anchoring.Meter), time, log.For<LogWatch>());
        var submission = new AnchorSubmission(database, Jobs, frozen, anchoring.Timestamps, watch, logs, time);
        var attempt = new AnchorAttempt(metrics, log.For<AnchorAttempt>());
        Handlers = [.. logs.All.SelectMany<ITransparencyLog, IJobHandler>(l =>
        {
            var gate = new LogGate(l, Rows, Upkeep, backoff, time, log.For<LogGate>());
            return [
                new CheckpointAnchoring(gate, database, Jobs, frozen, signing, anchoring.Ledger.Marks, submission, attempt,
                    log.For<CheckpointAnchoring>()),
                new EntryAnchoring(gate, database, frozen, signing, submission, attempt, log.For<EntryAnchoring>()),
            ];
        })];
    }

    public JobQueue Jobs { get; }

    public JobUpkeep Upkeep { get; }

    public LogRows Rows { get; }

    public AnchorScheduler Scheduler { get; }

    public AnchorUpkeep AnchorUpkeep { get; }

    public IReadOnlyList<IJobHandler> Handlers { get; }

    /// <summary>Makes what is due and runs what may run, once. Returns how many jobs were made or run.</summary>
    public async Task<int> StepAsync() => await ScheduleAsync() + await RunAsync();

    public Task<int> ScheduleAsync() => Scheduler.ScheduleAsync(CancellationToken.None);

    /// <summary>Claims and runs what is due now, at once as the loops do. Returns how many jobs.</summary>
    public async Task<int> RunAsync()
    {
        var ran = 0;
        foreach (var handler in Handlers)
        {
            var room = await handler.RoomAsync(CancellationToken.None);
            if (room == 0) continue;
            var claimed = await Jobs.ClaimAsync(handler.Queue, handler.TransparencyLog, room, CancellationToken.None);
            await Task.WhenAll(claimed.Select(job => runner.RunAsync(handler, job, CancellationToken.None)));
            ran += claimed.Count;
        }
        return ran;
    }
}
