using Ledger.Core.Jobs;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Jobs;

public sealed class DeadLetterTests
{
    [PostgresFact]
    public async Task Operators_see_those_of_all_tenants_newest_first_by_pages()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        foreach (var tenant in new[] { "demo", "other", "demo", "other", "demo" })
        {
            await queue.EnqueueAsync(QueueUnderTest.Job(tenant, maxAttempts: 1));
            await queue.KillAsync();
        }
        await queue.EnqueueAsync(QueueUnderTest.Job(queue: "billing.exports", maxAttempts: 1), QueueUnderTest.Job());
        await queue.KillAsync("billing.exports");
        var letters = queue.DeadLetters();

        var seen = new List<DeadLetter>();
        string? cursor = null;
        do
        {
            var page = await letters.ListAsync(QueueUnderTest.Queue, cursor, 2, CancellationToken.None);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(["demo", "other", "demo", "other", "demo"], seen.Select(l => l.Tenant.Value));
        Assert.Equal(seen.OrderByDescending(l => l.DeadAt).Select(l => l.Id), seen.Select(l => l.Id));
        Assert.All(seen, l => Assert.Equal(("no such key", JobErrorClass.Config, 1), (l.LastError, l.LastErrorClass, l.Attempts)));
        Assert.Equal(6, (await letters.ListAsync(null, null, 10, CancellationToken.None)).Items.Count);
    }

    [PostgresFact]
    public async Task A_cursor_is_of_its_list_and_made_here()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1), QueueUnderTest.Job("other", maxAttempts: 1));
        foreach (var job in await queue.ClaimAsync())
            await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);
        var letters = queue.DeadLetters();
        var cursor = (await letters.ListAsync(null, null, 1, CancellationToken.None)).NextCursor!;

        Assert.Single((await letters.ListAsync(null, cursor, 1, CancellationToken.None)).Items);
        var other = cursor[..^1] + (cursor[^1] == 'A' ? 'B' : 'A');
        foreach (var (of, text) in new[] { (QueueUnderTest.Queue, cursor), (null, other), (null, "AAAA") })
            Assert.Equal(ProblemTypes.InvalidCursor,
                (await LedgerUnderTest.ProblemOfAsync(() => letters.ListAsync(of, text, 1, CancellationToken.None))).Type);
    }

    [PostgresFact]
    public async Task A_replayed_one_is_due_at_once_with_its_attempts_counted_anew_and_its_bytes_as_they_were()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        var job = await queue.Frozen.FreezeSignatureAsync(await queue.ClaimOneAsync(), 7, [1, 2, 3], "key", CancellationToken.None);
        job = await queue.Frozen.FreezeTimestampAsync(job, [4, 5], CancellationToken.None);
        await queue.Jobs.FailAsync(job, new JobFailedException(JobErrorClass.Log, "no"), CancellationToken.None);

        Assert.Equal(DeadLetterStatus.Done, (await ReplayAsync(queue, job)).Status);

        Assert.Equal("pending|0|0||1",
            await queue.RowAsync("status, attempt_count, counted_attempts, finished_at, jsonb_array_length(errors)"));
        var again = await queue.ClaimOneAsync();
        Assert.Equal((7L, "010203", "key", "0405"), (again.Position, Convert.ToHexString(again.FrozenSignature!), again.FrozenKeyId,
            Convert.ToHexString(again.FrozenTimestamp!)));
        Assert.Equal($"dead-letter.replay alice {QueueUnderTest.Queue}/{job.Id}", await AuditedAsync(queue));
    }

    [PostgresFact]
    public async Task One_that_nobody_wants_any_more_is_not_replayed()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        var job = await queue.ClaimOneAsync();
        await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);

        var outcome = await ReplayAsync(queue, job, new Refusing(QueueUnderTest.Queue), new Refusing("billing.exports"));

        Assert.Equal(new DeadLetterOutcome(DeadLetterStatus.NotEligible, "not any more"), outcome);
        Assert.Equal("dead_letter", await queue.RowAsync("status"));
        Assert.Equal(DeadLetterStatus.Done, (await ReplayAsync(queue, job, new Refusing("billing.exports"))).Status);
    }

    [PostgresFact]
    public async Task A_discarded_one_is_given_up_for_good()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        var job = await queue.ClaimOneAsync();
        await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);

        Assert.Equal(DeadLetterStatus.Done,
            (await queue.DeadLetters().DiscardAsync(job.Tenant, job.Id, "alice", CancellationToken.None)).Status);

        Assert.Equal("discarded", await queue.RowAsync("status"));
        Assert.Equal($"dead-letter.discard alice {QueueUnderTest.Queue}/{job.Id}", await AuditedAsync(queue));
        Assert.Equal(DeadLetterStatus.NotFound, (await ReplayAsync(queue, job)).Status);
    }

    [PostgresFact]
    public async Task What_is_no_dead_letter_of_that_tenant_is_not_found()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        var job = await queue.ClaimOneAsync();
        Assert.Equal(DeadLetterStatus.NotFound, (await ReplayAsync(queue, job)).Status);
        await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);
        Assert.Equal(DeadLetterStatus.NotFound, (await ReplayAsync(queue, job with { Tenant = LedgerUnderTest.Other })).Status);
        Assert.Equal(DeadLetterStatus.NotFound, (await ReplayAsync(queue, job with { Id = Guid.Empty })).Status);
        Assert.Equal("dead_letter", await queue.RowAsync("status"));
    }

    [PostgresFact]
    public async Task A_newer_job_that_was_made_after_the_check_is_no_fault_and_keeps_no_other_from_being_replayed()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        NewJob[] jobs = [.. Enumerable.Range(1, 2).Select(n => new NewJob(LedgerUnderTest.Demo, JobQueues.PeopleToApply,
            $$"""{"person":"00000000-0000-7000-8000-00000000000{{n}}"}""", MaxAttempts: 1))];
        await queue.EnqueueAsync(jobs);
        var dead = await queue.ClaimAsync(JobQueues.PeopleToApply);
        foreach (var job in dead) await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);
        await queue.EnqueueAsync(jobs[0]);

        var raced = dead.Single(job => job.Args.Contains("001\"", StringComparison.Ordinal));
        Assert.Equal(DeadLetterStatus.NotEligible, (await ReplayAsync(queue, raced)).Status);
        var all = await queue.DeadLetters().ReplayAllAsync(JobQueues.PeopleToApply, null, "alice", CancellationToken.None);
        Assert.Equal((1, 1), (all.Replayed, all.Left));
    }

    private static Task<DeadLetterOutcome> ReplayAsync(QueueUnderTest queue, Job job, params IReplayCheck[] checks) =>
        queue.DeadLetters(checks).ReplayAsync(job.Tenant, job.Id, "alice", CancellationToken.None);

    private static Task<string> AuditedAsync(QueueUnderTest queue) => queue.Ledger.ScalarAsync<string>("""
        SELECT concat_ws(' ', e->>'action', e->>'actor', e->>'target')
          FROM (SELECT convert_from(event, 'UTF8')::jsonb e FROM audit_outbox) o
        """);

    private sealed class Refusing(string queue) : IReplayCheck
    {
        public string Queue => queue;

        public Task<string?> RefusalAsync(LedgerTransaction transaction, DeadLetter letter, CancellationToken cancel) =>
            Task.FromResult<string?>("not any more");
    }
}
