using Ledger.Core.Jobs;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Jobs;

public sealed class JobRunnerTests
{
    [PostgresFact]
    public async Task How_a_handler_ended_is_on_the_row()
    {
        foreach (var (end, row) in new (Exception End, string Row)[]
                 {
                     (new JobFailedException(JobErrorClass.Log, "another root"), "pending|1|1|another root|log"),
                     (new JobFailedException(JobErrorClass.Network, "refused"), "pending|1|0|refused|network"),
                     (new JobPostponedException(TimeSpan.FromSeconds(3), "budget"), "pending|0|0|budget|"),
                     (new InvalidOperationException("ours"), "pending|1|1|InvalidOperationException: ours|"),
                     (new NpgsqlException("cut", new IOException()), "pending|1|0|database: cut|network"),
                     (new OperationCanceledException(), "pending|1|0|given up while waiting|network"),
                     (new JobLeaseLostException(), "running|1|0||"),
                 })
        {
            await using var queue = await QueueUnderTest.StartAsync();
            await queue.EnqueueAsync(QueueUnderTest.Job());
            await queue.Runner.RunAsync(new Handler((_, _) => throw end), await queue.ClaimOneAsync(), CancellationToken.None);
            Assert.Equal((end.Message, row),
                (end.Message, await queue.RowAsync("status, attempt_count, counted_attempts, last_error, last_error_class")));
        }
    }

    [PostgresFact]
    public async Task A_job_that_waits_says_for_what_and_a_line_says_it_once_per_reason()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        foreach (var reason in new[] { "budget", "budget", "halted" })
        {
            queue.Ledger.Time.Advance(TimeSpan.FromSeconds(3));
            await queue.Runner.RunAsync(new Handler((_, _) => throw new JobPostponedException(TimeSpan.FromSeconds(3), reason)),
                await queue.ClaimOneAsync(), CancellationToken.None);
        }
        Assert.Equal("pending|0|halted||[]", await queue.RowAsync("status, attempt_count, last_error, last_error_class, errors"));
        Assert.Equal(2, queue.Log.ToString()!.Split(" waits: ").Length - 1);
    }

    [PostgresFact]
    public async Task A_job_that_is_done_stays_done()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await queue.Runner.RunAsync(new Handler((job, _) => queue.CompleteAsync(job)), await queue.ClaimOneAsync(), CancellationToken.None);
        Assert.Equal("done", await queue.RowAsync("status"));
    }

    [PostgresFact]
    public async Task A_handler_that_fails_after_its_job_was_done_undoes_nothing()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await queue.Runner.RunAsync(new Handler(async (job, _) =>
        {
            await queue.CompleteAsync(job);
            throw new NpgsqlException("nobody heard of the commit", new IOException());
        }), await queue.ClaimOneAsync(), CancellationToken.None);
        Assert.Equal("done|0|[]", await queue.RowAsync("status, counted_attempts, errors"));
    }

    [PostgresFact]
    public async Task A_process_that_ends_gives_its_job_back_unattempted()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        using var stopping = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var running = queue.Runner.RunAsync(new Handler((_, cancel) =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        }), await queue.ClaimOneAsync(), stopping.Token);
        await begun.Task;
        await stopping.CancelAsync();
        await running;
        Assert.Equal("pending|0|0|[]", await queue.RowAsync("status, attempt_count, counted_attempts, errors"));
        Assert.Single(await queue.ClaimAsync());
    }

    [PostgresFact]
    public async Task The_lease_is_renewed_while_the_handler_is_at_it()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        await queue.Runner.RunAsync(new Handler(async (job, _) =>
        {
            await queue.Ledger.SqlAsync("UPDATE jobs SET lease_until = now() + interval '1 second'");
            var waiting = queue.Ledger.Time.WaitingTimers;
            Assert.Equal(1, waiting);
            queue.Ledger.Time.Advance(JobLimits.Lease / 3);
            while (await queue.Ledger.ScalarAsync<bool>("SELECT lease_until < now() + interval '30 seconds' FROM jobs")) await Task.Yield();
            await queue.CompleteAsync(job);
        }), await queue.ClaimOneAsync(), CancellationToken.None);
        Assert.Equal("done", await queue.RowAsync("status"));
    }

    [PostgresFact]
    public async Task A_handler_whose_job_is_another_s_by_now_is_told_to_stop_and_writes_nothing()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        Job? quick = null;
        await queue.Runner.RunAsync(new Handler(async (_, cancel) =>
        {
            await queue.LapseLeasesAsync();
            await queue.Upkeep.RescueAsync(CancellationToken.None);
            queue.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
            quick = await queue.ClaimOneAsync();
            queue.Ledger.Time.Advance(JobLimits.Lease);
            await Task.Delay(Timeout.Infinite, cancel);
        }), await queue.ClaimOneAsync(), CancellationToken.None);

        Assert.Equal($"running|{quick!.Owner}|1", await queue.RowAsync("status, lease_owner, jsonb_array_length(errors)"));
    }

    private sealed class Handler(Func<Job, CancellationToken, Task> handle) : IJobHandler
    {
        public string Queue => QueueUnderTest.Queue;

        public string? TransparencyLog => null;

        public int Concurrency => 1;

        public ValueTask<int> RoomAsync(CancellationToken cancel) => new(1);

        public Task HandleAsync(Job job, CancellationToken cancel) => handle(job, cancel);
    }
}
