using Ledger.Core.Jobs;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;

namespace Ledger.Core.Tests.Jobs;

public sealed class JobQueueTests
{
    [PostgresFact]
    public async Task A_job_is_there_with_its_transaction_and_not_without_it()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await using (var given = await queue.Database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None))
            await queue.Jobs.EnqueueAsync(given, [QueueUnderTest.Job()], CancellationToken.None);
        Assert.Empty(await queue.ClaimAsync());

        await queue.EnqueueAsync(QueueUnderTest.Job() with { Args = """{"month":"2026-01"}""" });
        var job = await queue.ClaimOneAsync();
        Assert.Equal(("""{"month": "2026-01"}""", 1, LedgerUnderTest.Demo), (job.Args, job.Attempts, job.Tenant));
    }

    [PostgresFact]
    public async Task A_tenants_jobs_are_enqueued_by_the_API_and_claimed_by_no_tenant()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await using (var transaction = await queue.Ledger.Api.Database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None))
        {
            await queue.Jobs.EnqueueAsync(transaction, [.. Enumerable.Repeat(QueueUnderTest.Job(), 600)], CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
        Assert.Equal(600, (await queue.ClaimAsync(limit: 1000)).Count);
    }

    [PostgresFact]
    public async Task Of_many_claimers_at_once_each_job_is_one_s()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync([.. Enumerable.Repeat(QueueUnderTest.Job(), 100)]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => queue.ClaimAsync(limit: 10)));

        var claimed = claims.SelectMany(c => c).ToList();
        while (await queue.ClaimAsync() is { Count: > 0 } rest) claimed.AddRange(rest); // what was locked by another claim is skipped
        Assert.Equal((100, 100), (claimed.Count, claimed.DistinctBy(j => j.Id).Count()));
    }

    [PostgresFact]
    public async Task The_longest_due_come_first_and_other_queues_and_logs_not_at_all()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job("other"), QueueUnderTest.Job(queue: "billing.exports"),
            QueueUnderTest.Job() with { TransparencyLog = "aa" });
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        await queue.EnqueueAsync(QueueUnderTest.Job());

        Assert.Equal("other", (await queue.ClaimAsync(limit: 1))[0].Tenant.Value);
        Assert.Equal("demo", (await queue.ClaimOneAsync()).Tenant.Value);
        Assert.Equal("aa", (await queue.ClaimOneAsync(log: "aa")).TransparencyLog);
        Assert.Empty(await queue.ClaimAsync());
    }

    [PostgresFact]
    public async Task A_failed_job_is_due_again_after_its_pause_with_what_happened_on_its_row()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await FailAsync(queue, JobErrorClass.Log, "not our\nentry");

        Assert.Equal("pending|1|1|2026-01-01 00:00:01+00|not our entry|log||", await queue.RowAsync(
            "status, attempt_count, counted_attempts, next_retry_at, last_error, last_error_class, finished_at, lease_owner"));
        Assert.Equal("""[{"at": "2026-01-01T00:00:00Z", "class": "log", "error": "not our entry"}]""", await queue.RowAsync("errors"));
        Assert.Empty(await queue.ClaimAsync());
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await queue.ClaimOneAsync()).Attempts);
    }

    [PostgresFact]
    public async Task A_job_that_the_network_failed_is_due_within_a_quarter_of_a_minute_however_often()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(queue, JobErrorClass.Network, "connection refused");
            queue.Ledger.Time.Advance(JobLimits.LongestOutagePause);
        }
        Assert.Equal(11, (await queue.ClaimOneAsync()).Attempts);
    }

    [PostgresFact]
    public async Task What_it_failed_of_is_kept_the_newest_twenty()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 100));
        for (var i = 1; i <= JobLimits.KeptErrors + 3; i++)
        {
            await FailAsync(queue, JobErrorClass.Log, $"number {i}");
            queue.Ledger.Time.Advance(JobLimits.LongestPause);
        }
        Assert.Equal("20|number 4|number 23",
            await queue.RowAsync("jsonb_array_length(errors), errors->0->>'error', errors->-1->>'error'"));
    }

    [PostgresFact]
    public async Task After_the_last_attempt_it_is_a_dead_letter()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 3));
        await queue.KillAsync();
        Assert.Equal("dead_letter|3|3|", await queue.RowAsync("status, attempt_count, counted_attempts, next_retry_at"));
        Assert.NotEqual("", await queue.RowAsync("finished_at"));
    }

    [PostgresFact]
    public async Task What_the_network_does_brings_no_job_nearer_to_its_dead_letter()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 2));
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(queue, JobErrorClass.Network, "connection refused");
            queue.Ledger.Time.Advance(JobLimits.LongestPause);
        }
        Assert.Equal("pending|10|0", await queue.RowAsync("status, attempt_count, counted_attempts"));
        await FailAsync(queue, JobErrorClass.Log, "another root");
        Assert.Equal("pending|11|1", await queue.RowAsync("status, attempt_count, counted_attempts"));
    }

    [PostgresFact]
    public async Task A_pause_that_the_other_side_asked_for_is_kept()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        var failure = new JobFailedException(JobErrorClass.Network, "429", TimeSpan.FromMinutes(5));
        await queue.Jobs.FailAsync(await queue.ClaimOneAsync(), failure, CancellationToken.None);
        queue.Ledger.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await queue.ClaimAsync());
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await queue.ClaimAsync());
    }

    [PostgresFact]
    public async Task A_job_that_is_done_is_done_with_its_result_or_not_at_all()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        var job = await queue.ClaimOneAsync();
        await using (var given = await queue.Database.BeginAsync(job.Tenant, CancellationToken.None))
            await queue.Jobs.CompleteAsync(given, job, CancellationToken.None);
        Assert.Equal("running", await queue.RowAsync("status"));

        await queue.CompleteAsync(job);
        Assert.Equal("done|2026-01-01 00:00:00+00||", await queue.RowAsync("status, finished_at, lease_until, next_retry_at"));
    }

    [PostgresFact]
    public async Task Whose_lease_lapsed_writes_nothing_more()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        var slow = await queue.ClaimOneAsync();
        await queue.LapseLeasesAsync();
        Assert.Equal(1, await queue.Upkeep.RescueAsync(CancellationToken.None));
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        var quick = await queue.ClaimOneAsync();

        await Assert.ThrowsAsync<JobLeaseLostException>(() => queue.CompleteAsync(slow));
        Assert.False(await queue.Jobs.RenewAsync(slow, CancellationToken.None));
        Assert.False(await queue.Jobs.PostponeAsync(slow, TimeSpan.Zero, null, CancellationToken.None));
        Assert.False(await queue.Jobs.FailAsync(slow, new JobFailedException(null, "late"), CancellationToken.None));
        await Assert.ThrowsAsync<JobLeaseLostException>(() =>
            queue.Frozen.FreezeSignatureAsync(slow, 1, [1], "key", CancellationToken.None));
        Assert.True(await queue.Jobs.RenewAsync(quick, CancellationToken.None));
        await queue.CompleteAsync(quick);
    }

    [PostgresFact]
    public async Task A_job_given_back_was_not_attempted()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await queue.Jobs.PostponeAsync(await queue.ClaimOneAsync(), TimeSpan.FromSeconds(7), null, CancellationToken.None);
        Assert.Equal("pending|0|2026-01-01 00:00:07+00|[]", await queue.RowAsync("status, attempt_count, next_retry_at, errors"));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_whose_commit_is_cut_leaves_the_job_to_somebody(bool afterItPersisted)
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await using var process = queue.Ledger.Behind(out var cutter, Core.Tenancy.DatabaseRole.Worker);
        await using (cutter)
        {
            var cut = new JobQueue(process.Database, new Core.Tenancy.IdSource(), QueueUnderTest.Backoff, queue.Ledger.Time);
            cutter.CutAt(1, afterItPersisted);
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() =>
                cut.ClaimAsync(QueueUnderTest.Queue, null, 1, CancellationToken.None));
        }
        await queue.LapseLeasesAsync();
        Assert.Equal(afterItPersisted ? 1 : 0, await queue.Upkeep.RescueAsync(CancellationToken.None));
        queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        // The row is locked until the server has seen that the connection is gone.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await queue.ClaimAsync()).Count == 0) await Task.Delay(20, patience.Token);
    }

    private static async Task FailAsync(QueueUnderTest queue, JobErrorClass errorClass, string message) =>
        Assert.True(await queue.Jobs.FailAsync(await queue.ClaimOneAsync(), new JobFailedException(errorClass, message),
            CancellationToken.None));
}
