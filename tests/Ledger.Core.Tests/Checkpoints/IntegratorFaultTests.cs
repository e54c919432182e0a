using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Every step that leaves a trace outside, failed before it persisted and failed after it persisted. The same method goes on from
/// either.</summary>
public sealed class IntegratorFaultTests
{
    // The integrator's commits in a round: 1 the lease, 2 the store.
    private const int LeaseCommit = 1;
    private const int StoreCommit = 2;

    [PostgresTheory]
    [InlineData(FaultMode.Down)] // before: Vault never heard of it
    [InlineData(FaultMode.Drop)] // after: Vault signed, nobody has the signature
    [InlineData(FaultMode.ServerError)]
    [InlineData(FaultMode.Sealed)]
    [InlineData(FaultMode.WrongSignature)]
    [InlineData(FaultMode.BatchItemError)]
    public async Task Signing_failed(FaultMode mode)
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(3);

        ledger.Vault.Faults.Set(mode, "/v1/transit/sign");
        Assert.Equal(0, (await integrator.RunOnceAsync(CancellationToken.None)).Stored);
        Assert.Equal(2, await ledger.CheckLogAsync());

        ledger.Vault.Faults.Clear();
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        Assert.Equal(5, await ledger.CheckLogAsync());
        Assert.Null(await ledger.HaltedAsync());
    }

    [PostgresTheory]
    [InlineData(FaultyMarks.Fault.BeforeItPersisted, false)]
    [InlineData(FaultyMarks.Fault.AfterItPersisted, false)]
    [InlineData(FaultyMarks.Fault.BeforeItPersisted, true)]
    [InlineData(FaultyMarks.Fault.AfterItPersisted, true)]
    internal async Task Moving_the_mark_failed(FaultyMarks.Fault fault, bool restarted)
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(3);

        ledger.Marks.NextReplace = fault;
        Assert.Equal(0, (await integrator.RunOnceAsync(CancellationToken.None)).Stored);
        Assert.Equal(2, await ledger.CheckLogAsync());
        var shown = (await ledger.Marks.ReadAsync(TestLog.Demo, 1, CancellationToken.None))!.Mark;
        await ledger.AppendAsync(4);

        if (restarted) integrator = ledger.StartIntegrator();
        Assert.True(await TestLog.IntegrateAsync(integrator) > 0, ledger.Log.ToString());
        Assert.Equal(9, await ledger.CheckLogAsync());
        Assert.Null(await ledger.HaltedAsync());
        Assert.Empty(ledger.Log.Alerts);
        // What the mark said is what readers find, to the byte.
        Assert.Equal(shown.Note,
            await ledger.ScalarAsync<string>($"SELECT note FROM checkpoints WHERE tenant_id = 'demo' AND tree_size = {shown.Size}"));
    }

    [PostgresTheory]
    [InlineData(LeaseCommit, false)]
    [InlineData(LeaseCommit, true)]
    [InlineData(StoreCommit, false)]
    [InlineData(StoreCommit, true)]
    public async Task A_commit_failed(int commit, bool afterItPersisted)
    {
        await using var ledger = await TestLog.StartAsync();
        await using var way = new CommitCutter(ledger.Database.Workers);
        var integrator = ledger.StartIntegrator(way.ConnectionString);
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(300); // a full tile, so that storing again what is stored would be seen

        way.CutAt(commit, afterItPersisted);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => integrator.RunOnceAsync(CancellationToken.None));
        Assert.Equal(commit == StoreCommit && afterItPersisted ? 302 : 2, await ledger.CheckLogAsync());

        await ledger.LapseLeasesAsync();
        await TestLog.IntegrateAsync(integrator);
        Assert.Equal(302, await ledger.CheckLogAsync());
        Assert.Null(await ledger.HaltedAsync());
        Assert.Empty(ledger.Log.Alerts);
    }

    [PostgresFact]
    public async Task Without_the_mark_s_store_nothing_is_signed_and_nothing_is_halted()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(2);

        ledger.Marks.Down = true;
        var before = ledger.Vault.SignCalls;
        Assert.Equal(0, (await integrator.RunOnceAsync(CancellationToken.None)).Stored);
        Assert.Equal(before, ledger.Vault.SignCalls);
        Assert.Null(await ledger.HaltedAsync());

        ledger.Marks.Down = false;
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        Assert.Equal(2, await ledger.CheckLogAsync());
    }

    [PostgresFact]
    public async Task A_fault_that_nobody_thought_of_keeps_no_other_log_of_the_round_waiting()
    {
        await using var ledger = await TestLog.StartAsync();
        var other = TenantId.Parse("other");
        await ledger.OpenLogAsync(other);
        var integrator = ledger.StartIntegrator();
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(1);
        await ledger.AppendAsync(1, other);

        ledger.Marks.AfterRead = () => throw new InvalidOperationException("a fault of ours");
        var round = await integrator.RunOnceAsync(CancellationToken.None);

        Assert.Equal((1, 1), (round.Stored, round.Failed));
    }

    [PostgresFact]
    public async Task Idle_logs_that_a_failing_round_was_to_check_are_checked_by_the_next()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        ledger.Marks.AfterRead = () => throw new NpgsqlException("the database did not answer in time");
        await Assert.ThrowsAsync<NpgsqlException>(() => integrator.RunOnceAsync(CancellationToken.None));

        Assert.Equal(await ledger.ScalarAsync<long>("SELECT count(*) FROM chain_heads"),
            (await integrator.RunOnceAsync(CancellationToken.None)).Claimed);
    }

    [PostgresFact]
    public async Task A_log_whose_mark_cannot_be_read_keeps_no_other_log_waiting()
    {
        await using var ledger = await TestLog.StartAsync();
        var other = TenantId.Parse("other");
        await ledger.OpenLogAsync(other);
        await ledger.AppendAsync(1);
        await ledger.AppendAsync(1, other);
        await File.WriteAllTextAsync(Path.Combine(ledger.MarksFolder, "demo", "1"), "not a mark");
        var integrator = ledger.StartIntegrator();

        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        await ledger.AppendAsync(1, other);
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));

        Assert.Equal(2, await ledger.CheckLogAsync(other));
        Assert.Equal(0, await ledger.TreeSizeAsync());
    }
}
