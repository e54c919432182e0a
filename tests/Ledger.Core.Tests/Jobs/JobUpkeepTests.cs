using System.Diagnostics.Metrics;
using Ledger.Core.Jobs;
using Ledger.Core.Telemetry;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Jobs;

public sealed class JobUpkeepTests
{
    [PostgresFact]
    public async Task The_rescuer_frees_whose_worker_is_gone_and_nobody_else()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(), QueueUnderTest.Job("other"));
        await queue.ClaimAsync(limit: 2);
        Assert.Equal(0, await queue.Upkeep.RescueAsync(CancellationToken.None));

        await queue.Ledger.SqlAsync("UPDATE jobs SET lease_until = now() WHERE tenant_id = 'other'");
        Assert.Equal(1, await queue.Upkeep.RescueAsync(CancellationToken.None));
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("other", (await queue.ClaimOneAsync()).Tenant.Value);
    }

    [PostgresFact]
    public async Task A_job_that_kills_its_workers_ends_as_a_dead_letter()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 3));
        for (var death = 1; death <= 3; death++)
        {
            await queue.ClaimOneAsync();
            await queue.LapseLeasesAsync();
            Assert.Equal(1, await queue.Upkeep.RescueAsync(CancellationToken.None));
            queue.Ledger.Time.Advance(JobLimits.LongestPause);
        }
        Assert.Equal("dead_letter|3", await queue.RowAsync("status, jsonb_array_length(errors)"));
    }

    [PostgresFact]
    public async Task What_was_done_long_ago_goes_but_for_the_checkpoints_history_and_what_waits_for_a_person()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(), QueueUnderTest.Job(queue: JobQueues.CheckpointAnchors),
            QueueUnderTest.Job("other", maxAttempts: 1));
        await queue.CompleteAsync(await queue.ClaimOneAsync(JobQueues.CheckpointAnchors));
        await queue.CompleteAsync((await queue.ClaimAsync(limit: 1))[0]);
        await queue.KillAsync();

        queue.Ledger.Time.Advance(JobLimits.KeptDone - TimeSpan.FromMinutes(5));
        Assert.Equal(0, await queue.Upkeep.CleanAsync(CancellationToken.None));
        queue.Ledger.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await queue.Upkeep.CleanAsync(CancellationToken.None));
        Assert.Equal([$"{JobQueues.CheckpointAnchors}|done", $"{QueueUnderTest.Queue}|dead_letter"],
            await queue.Ledger.TableAsync("SELECT queue, status FROM jobs ORDER BY queue"));
    }

    [PostgresFact]
    public async Task A_log_that_is_back_hastens_what_waited_for_it_and_nothing_else()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        foreach (var log in new[] { "aa", "bb", "cc" })
        {
            await queue.EnqueueAsync(QueueUnderTest.Job() with { TransparencyLog = log });
            var failure = new JobFailedException(log == "cc" ? JobErrorClass.Log : JobErrorClass.Network, "down");
            await queue.Jobs.FailAsync(await queue.ClaimOneAsync(log: log), failure, CancellationToken.None);
        }
        Assert.Equal(1, await queue.Upkeep.HastenAsync(QueueUnderTest.Queue, "aa", CancellationToken.None));
        Assert.Equal(0, await queue.Upkeep.HastenAsync(QueueUnderTest.Queue, "cc", CancellationToken.None));
        Assert.Single(await queue.ClaimAsync(log: "aa"));
        Assert.Empty(await queue.ClaimAsync(log: "bb"));
    }

    [PostgresFact]
    public async Task Nothing_is_hastened_before_the_time_that_the_log_asked_for()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job() with { TransparencyLog = "aa" });
        await queue.Jobs.FailAsync(await queue.ClaimOneAsync(log: "aa"),
            new JobFailedException(JobErrorClass.Network, "429", TimeSpan.FromMinutes(20)), CancellationToken.None);
        Assert.Equal(1, await queue.Upkeep.HastenAsync(QueueUnderTest.Queue, "aa", CancellationToken.None)); // what was added to it
        queue.Ledger.Time.Advance(TimeSpan.FromMinutes(20) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await queue.Upkeep.HastenAsync(QueueUnderTest.Queue, "aa", CancellationToken.None));
        Assert.Empty(await queue.ClaimAsync(log: "aa"));
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await queue.ClaimAsync(log: "aa"));
    }

    [PostgresFact]
    public async Task Depth_and_dead_letters_are_gauges_by_queue()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        using var meter = new LedgerMeter();
        var gauges = new JobGauges(meter, queue.Upkeep);
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        await queue.KillAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(), QueueUnderTest.Job("other"));
        await queue.ClaimAsync(limit: 1);

        await gauges.RefreshAsync(CancellationToken.None);

        var shown = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) => { if (instrument.Meter == meter.Meter) l.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => shown.Add($"{instrument.Name} {tags[0].Value} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        string[] expected = [.. JobQueues.All.Select(known => $"ledger.jobs.dead {known} 0").Append("ledger.jobs.dead reports.monthly 1"),
            .. JobQueues.All.Select(known => $"ledger.jobs.depth {known} 0").Append("ledger.jobs.depth reports.monthly 2")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }
}
