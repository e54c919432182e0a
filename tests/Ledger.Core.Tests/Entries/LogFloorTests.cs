using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>A log that is shorter than what was shown or acknowledged is not appended to.</summary>
public sealed class LogFloorTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task A_log_shorter_than_its_mark_is_log_rolled_back_and_nothing_is_inserted()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Marks.Set(Demo, 2);
        await AssertRefusedAsync(ledger, ledger.StartProcess(), ProblemTypes.LogRolledBack, entries: 1);
        ledger.Marks.Set(Demo, 1);
        Assert.Equal(1, (await ledger.StartProcess().AppendAsync(Demo)).Seq); // exactly as long is long enough
    }

    [PostgresFact]
    public async Task A_log_without_a_mark_is_log_rolled_back()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Marks.Set(Demo, null);
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 0);
    }

    [PostgresFact]
    public async Task A_log_shorter_than_this_process_acknowledged_is_log_rolled_back_though_its_mark_knows_less()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        for (var i = 0; i < 3; i++) await ledger.Api.AppendAsync(Demo);
        await RestoreAsync(ledger, size: 2);
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 2);
        ledger.Time.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 2); // the mark, read again, lowers nothing
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_a_process_that_knows_nothing_does_not_append()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Marks.Down = true;
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.StorageUnavailable, entries: 0);
        ledger.Marks.Down = false;
        Assert.Equal(0, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_a_process_goes_on_above_the_floor_it_knows_and_not_below()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Marks.Down = true;
        ledger.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq);
        await RestoreAsync(ledger, size: 1);
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 1);
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_a_pool_that_grows_is_no_other_server()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Marks.Down = true;
        var generation = ledger.Api.Database.Generation;
        await using var held = await ledger.Api.Database.BeginAsync(Demo, CancellationToken.None); // the only pooled connection
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq);
        Assert.True(ledger.Api.Database.Generation > generation);
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_nothing_is_appended_on_a_server_that_may_have_been_restored()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(cluster);
        await ledger.Api.AppendAsync(Demo);
        await cluster.RestartAsync();
        ledger.Marks.Down = true;
        await RefusedAsync(ProblemTypes.StorageUnavailable);
        ledger.Marks.Down = false;
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq); // only restarted: it is as long as it was

        var backup = await cluster.BackUpAsync();
        await cluster.StartAsync();
        var other = ledger.StartProcess();
        for (var i = 0; i < 2; i++) await EventuallyAsync(() => other.AppendAsync(Demo)); // acknowledged, and known to nobody here

        await cluster.RestoreAsync(backup);
        await cluster.StartAsync();
        ledger.Marks.Down = true;
        await RefusedAsync(ProblemTypes.StorageUnavailable);
        ledger.Marks.Down = false;
        ledger.Marks.Set(Demo, 4);
        await RefusedAsync(ProblemTypes.LogRolledBack);

        async Task RefusedAsync(ProblemType expected)
        {
            LedgerProblem? problem = null;
            await EventuallyAsync(async () =>
            {
                try { Assert.Fail($"appended as {(await ledger.Api.AppendAsync(Demo)).Seq}"); }
                catch (LedgerProblemException e) { problem = e.Problem; }
            });
            Assert.Equal(expected, problem?.Type);
        }
    }

    [PostgresFact]
    public async Task A_server_that_took_over_unnoticed_is_held_against_the_mark_before_anything_is_appended()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Marks.Set(Demo, 100); // within the three seconds, over the same connection: as behind a connection pooler
        ledger.Api.Floors.Vouch(Demo, 1, DateTimeOffset.UnixEpoch);
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 1);
    }

    [PostgresFact]
    public async Task A_server_that_took_over_while_the_mark_was_read_has_it_read_again()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Api.Database.Saw(DateTimeOffset.UnixEpoch); // the one before, as behind a pooler; the mark is read while it serves
        ledger.Marks.AfterRead = () => ledger.Marks.Set(Demo, 100);
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 1);
    }

    [PostgresFact]
    public async Task While_a_tenant_is_written_its_mark_is_read_again_after_three_seconds_and_not_before()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        var reads = ledger.Marks.Reads;
        ledger.Marks.Set(Demo, 100);
        ledger.Time.Advance(LogFloors.Freshness - TimeSpan.FromMilliseconds(1));
        await ledger.Api.AppendAsync(Demo);
        Assert.Equal(reads, ledger.Marks.Reads);
        ledger.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.LogRolledBack, entries: 2);
    }

    [PostgresFact]
    public async Task After_a_lost_connection_the_mark_is_read_again_before_anything_is_appended()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Marks.Set(Demo, 100);
        await ledger.Api.AppendAsync(Demo); // still within the three seconds, over the same connection
        var generation = ledger.Api.Database.Generation;
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'ledger_api'");

        LedgerProblem? problem = null;
        await EventuallyAsync(async () =>
        {
            try { Assert.Fail($"appended as {(await ledger.Api.AppendAsync(Demo)).Seq}"); }
            catch (LedgerProblemException e) { problem = e.Problem; }
        });
        Assert.Equal(ProblemTypes.LogRolledBack, problem?.Type);
        Assert.True(ledger.Api.Database.Generation > generation);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_halted_log_answers_with_the_finding_of_its_integrator()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        foreach (var (halted, expected) in new[] { ("log-rolled-back", ProblemTypes.LogRolledBack), ("log-halted", ProblemTypes.LogHalted),
            ("whatever", ProblemTypes.LogHalted) })
        {
            await ledger.SqlAsync($"UPDATE chain_heads SET halted = '{halted}' WHERE tenant_id = 'demo'");
            await AssertRefusedAsync(ledger, ledger.Api, expected, entries: 0);
        }
        Assert.Equal(0, (await ledger.Api.AppendAsync(LedgerUnderTest.Other)).Seq);
        await ledger.SqlAsync("UPDATE chain_heads SET halted = NULL");
        Assert.Equal(0, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    [PostgresTheory]
    [InlineData("UPDATE chain_heads SET head_hash = sha256('another') WHERE tenant_id = 'demo'")]
    [InlineData("UPDATE chain_heads SET next_seq = next_seq + 1 WHERE tenant_id = 'demo'")]
    public async Task Nothing_is_appended_to_a_head_that_is_not_its_last_entrys(string moved)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await ledger.Api.AppendAsync(Demo);
        await ledger.SqlAsync(moved);
        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo));
        Assert.Equal(ProblemTypes.LogHalted, problem.Type);
        Assert.Equal(2, await ledger.ScalarAsync<long>("SELECT count(*) FROM chain_entries WHERE tenant_id = 'demo'"));
    }

    [PostgresFact]
    public async Task A_suspended_tenant_reads_but_does_not_write()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var before = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        await ledger.SqlAsync("UPDATE tenants SET state = 'suspended' WHERE tenant_id = 'demo'");
        await AssertRefusedAsync(ledger, ledger.Api, ProblemTypes.TenantSuspended, entries: 1);
        Assert.NotNull(await ledger.Api.Reader.FindAsync(Demo, before.Id, CancellationToken.None));
        Assert.Equal(before.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id); // an answer, not a write
    }

    /// <summary>Tries again while pooled connections to a server that is gone fail, each once.</summary>
    private static async Task EventuallyAsync(Func<Task> act)
    {
        for (var broken = 0; ; broken++)
        {
            try
            {
                await act();
                return;
            }
            catch (NpgsqlException) when (broken < 20) { }
        }
    }

    /// <summary>What a restored backup looks like: the last rows were never there.</summary>
    private static Task RestoreAsync(LedgerUnderTest ledger, long size) => LedgerUnderTest.SqlAsync(ledger.Database.Superuser, $"""
        ALTER TABLE chain_entries DISABLE TRIGGER append_only;
        DELETE FROM entry_meta WHERE tenant_id = 'demo' AND seq >= {size};
        UPDATE chain_heads SET next_seq = {size}, head_hash = (SELECT prev FROM chain_entries WHERE tenant_id = 'demo' AND seq = {size})
         WHERE tenant_id = 'demo';
        DELETE FROM chain_entries WHERE tenant_id = 'demo' AND seq >= {size};
        ALTER TABLE chain_entries ENABLE ALWAYS TRIGGER append_only;
        """);

    private static async Task AssertRefusedAsync(LedgerUnderTest ledger, LedgerProcess process, ProblemType expected, long entries)
    {
        Assert.Equal(expected,
            (await LedgerUnderTest.ProblemOfAsync(() => process.AppendAsync(Demo, "refused", LedgerUnderTest.Claim("refused")))).Type);
        Assert.Equal(entries, await ledger.CheckLogAsync(Demo));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM idempotency WHERE key = 'refused'"));
        Assert.Equal(entries, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_meta WHERE tenant_id = 'demo'"));
    }
}
