using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Entries;

public sealed class ConcurrentAppendTests
{
    private const int Callers = 32;
    private const int Each = 50;

    [PostgresFact]
    public async Task Thirty_two_callers_over_two_processes_make_one_chain()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        LedgerProcess[] processes = [ledger.StartProcess(), ledger.StartProcess()];

        var stored = await AppendManyAsync(processes, [LedgerUnderTest.Demo]);

        Assert.Equal(Callers * Each, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
        Assert.Equal(Enumerable.Range(0, Callers * Each).Select(i => (long)i), stored.Select(e => e.Seq).Order());
        Assert.Equal(stored.Count, stored.DistinctBy(e => e.Id).Count());
        Assert.InRange(await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM chain_entries"), 2, Callers * Each / 2);
    }

    [PostgresFact]
    public async Task Tenants_appended_to_at_once_each_have_a_chain_of_their_own()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        TenantId[] tenants = [LedgerUnderTest.Demo, LedgerUnderTest.Other, TenantId.Parse("third"), TenantId.Parse("receipts-third")];
        foreach (var tenant in tenants[2..]) await ledger.OpenLogAsync(tenant);

        await AppendManyAsync([ledger.StartProcess(), ledger.StartProcess()], tenants);

        foreach (var tenant in tenants) Assert.Equal(Callers * Each / tenants.Length, await ledger.CheckLogAsync(tenant));
    }

    [PostgresFact]
    public async Task What_arrives_during_a_commit_shares_the_next_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(LedgerUnderTest.Demo, [.. Enumerable.Range(0, 40).Select(i => $"s{i}")]);

        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        var waiting = entries.Select(e => ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo, new Submission([e]))).ToList();
        await held.ReleaseAsync();
        var outcomes = await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), outcomes.Select(o => o.Entries[0].Seq)); // first come, first in the log
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM chain_entries"));
    }

    [PostgresFact]
    public async Task A_group_holds_no_more_than_its_limit_and_the_rest_follows()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(LedgerUnderTest.Demo, [.. Enumerable.Range(0, 2500).Select(i => $"s{i}")]);

        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        var waiting = entries.Chunk(100).Select(chunk => ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo, new Submission(chunk)))
            .ToList();
        await held.ReleaseAsync();
        await Task.WhenAll(waiting);

        Assert.Equal(2501, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
        Assert.Equal(4L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM chain_entries")); // 1 + 1000 + 1000 + 500
    }

    [PostgresFact]
    public async Task One_tenants_lock_holds_up_no_other()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        await ledger.Api.AppendAsync(LedgerUnderTest.Other);
        await held.ReleaseAsync();
        Assert.Equal((1, 1), (await ledger.CheckLogAsync(LedgerUnderTest.Demo), await ledger.CheckLogAsync(LedgerUnderTest.Other)));
    }

    [PostgresFact]
    public async Task A_caller_who_goes_away_takes_nobodys_entry_with_him()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        using var gone = new CancellationTokenSource();
        var leaving = ledger.Api.Appender.AppendAsync(LedgerUnderTest.Demo, LedgerUnderTest.Item("leaving"), null, gone.Token);
        var staying = ledger.Api.AppendAsync(LedgerUnderTest.Demo, "staying");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await held.ReleaseAsync();
        var stored = await staying;
        Assert.Equal(stored.Seq + 1, Math.Max(stored.Seq + 1, await ledger.CheckLogAsync(LedgerUnderTest.Demo)));
    }

    [PostgresFact]
    public async Task Beyond_the_limit_of_waiting_entries_a_caller_is_told_to_come_back()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = (await ledger.Api.SignedAsync(LedgerUnderTest.Demo, "s"))[0];
        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        // Dropped by its gate once its turn comes; until then it waits, and counts.
        var full = ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo,
            new Submission([.. Enumerable.Repeat(entry, AppendLimits.WaitingEntries)]) { Gate = (_, _) => Task.FromResult(false) });

        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(LedgerUnderTest.Demo));
        Assert.Equal(Core.Problems.ProblemTypes.Overloaded, problem.Type);
        await held.ReleaseAsync();
        Assert.Equal(CommitStatus.Dropped, (await full).Status);
        Assert.Equal(1, (await ledger.Api.AppendAsync(LedgerUnderTest.Demo)).Seq);
    }

    [PostgresFact]
    public async Task Submissions_without_an_entry_count_while_they_wait_too()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        var waiting = Enumerable.Range(0, AppendLimits.WaitingEntries)
            .Select(_ => ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo, new Submission([]))).ToList();

        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(LedgerUnderTest.Demo));
        Assert.Equal(Core.Problems.ProblemTypes.Overloaded, problem.Type);
        await held.ReleaseAsync();
        await Task.WhenAll(waiting);
        Assert.Equal(1, (await ledger.Api.AppendAsync(LedgerUnderTest.Demo)).Seq);
    }

    private static async Task<List<StoredEntry>> AppendManyAsync(LedgerProcess[] processes, TenantId[] tenants)
    {
        var callers = Enumerable.Range(0, Callers).Select(async caller =>
        {
            var process = processes[caller % processes.Length];
            var tenant = tenants[caller / processes.Length % tenants.Length];
            var stored = new List<StoredEntry>();
            for (var i = 0; i < Each; i++) stored.Add(await process.AppendAsync(tenant, $"{caller}/{i}"));
            return stored;
        });
        return [.. (await Task.WhenAll(callers)).SelectMany(s => s)];
    }
}
