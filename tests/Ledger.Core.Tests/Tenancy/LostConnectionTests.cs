using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>Connections die between transactions, at their beginning, under a COMMIT: what may be done again is.</summary>
public sealed class LostConnectionTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task Connections_that_died_in_the_pool_cost_no_append()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i, (await ledger.Api.AppendAsync(Demo, $"subject {i}", LedgerUnderTest.Claim($"key {i}"))).Seq);
            await TerminateAsync(ledger);
        }
        Assert.Equal(5, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_whole_pool_that_died_costs_none_of_many_tenants_requests()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
                ledger.Api.AppendAsync(i % 2 == 0 ? Demo : LedgerUnderTest.Other, $"subject {round} {i}")));
            await TerminateAsync(ledger);
        }
        Assert.Equal((36, 36), (await ledger.CheckLogAsync(Demo), await ledger.CheckLogAsync(LedgerUnderTest.Other)));
    }

    [PostgresFact]
    public async Task The_mark_is_read_again_before_an_append_goes_on_over_another_connection()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        var reads = ledger.Marks.Reads;
        await ledger.Api.AppendAsync(Demo); // within the three seconds, over the same connection
        Assert.Equal(reads, ledger.Marks.Reads);
        await TerminateAsync(ledger);
        ledger.Marks.Set(Demo, 100);

        Assert.Equal(ProblemTypes.LogRolledBack, (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo))).Type);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_transaction_that_has_begun_is_not_begun_again()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var transaction = await ledger.Api.Database.BeginAsync(Demo, CancellationToken.None);
        Assert.Equal(1, await transaction.ExecuteAsync("UPDATE chain_heads SET next_seq = next_seq", CancellationToken.None));
        await TerminateAsync(ledger);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() =>
            transaction.ExecuteAsync("UPDATE chain_heads SET next_seq = next_seq", CancellationToken.None));
        Assert.False(transaction.Moved);
    }

    [PostgresFact]
    public async Task A_primary_that_became_read_only_is_left_and_the_append_succeeds_at_the_new_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var setting = $"ALTER DATABASE {ledger.Database.Name} SET default_transaction_read_only =";
        await ledger.Api.AppendAsync(Demo);
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, $"{setting} on");
        await TerminateAsync(ledger);
        await using (var look = await ledger.Api.Database.BeginAsync(Demo, CancellationToken.None))
            await look.ExecuteAsync("SELECT 1", CancellationToken.None); // the pool has a connection that writes nothing, and never will
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, $"{setting} off");
        var generation = ledger.Api.Database.Generation;

        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq);
        Assert.True(ledger.Api.Database.Generation > generation);
    }

    [PostgresFact]
    public async Task Of_several_hosts_the_one_that_is_up_is_found()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var port = new NpgsqlConnectionStringBuilder(ledger.Database.Api).Port;
        var several = new NpgsqlConnectionStringBuilder(ledger.Database.Api)
        {
            Host = $"127.0.0.1:{Ledger.Testing.FreePort.Next()},127.0.0.1:{port}", TargetSessionAttributes = "read-write",
        };
        await using var process = Process(ledger, several.ConnectionString);
        Assert.Equal(0, (await process.AppendAsync(Demo)).Seq);
        await TerminateAsync(ledger);
        Assert.Equal(1, (await process.AppendAsync(Demo)).Seq);
    }

    [PostgresFact]
    public async Task A_commit_that_waits_no_longer_for_its_replicas_is_not_acknowledged()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(cluster);
        await ledger.Api.AppendAsync(Demo); // whatever else the first append writes
        await WaitForReplicaAsync(ledger, "nobody");
        var before = 2L; // that one, one that waits, and those that the checkpointer has not told to wait yet
        while (!await IsInDoubtAsync(null)) before++;

        Assert.True(await IsInDoubtAsync(LedgerUnderTest.Claim("k")), "it did not wait");
        Assert.True(await IsInDoubtAsync(LedgerUnderTest.Claim("k")), "the kept answer of an entry that no replica has did not wait");

        await WaitForReplicaAsync(ledger, "");
        Assert.Equal(before, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Seq); // the Idempotency-Key tells
        Assert.Equal(before + 1, await ledger.CheckLogAsync(Demo));

        async Task<bool> IsInDoubtAsync(IdempotencyClaim? claim)
        {
            var appending = ledger.Api.AppendAsync(Demo, "s", claim);
            const string waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'ledger_api'";
            while (await LedgerUnderTest.ScalarAsync<long>(ledger.Database.Superuser, $"SELECT count(*) {waiting}") == 0)
            {
                if (!appending.IsCompleted) continue;
                await appending;
                return false;
            }
            await LedgerUnderTest.ScalarAsync<bool>(ledger.Database.Superuser, $"SELECT bool_and(pg_cancel_backend(pid)) {waiting}");
            await Assert.ThrowsAsync<CommitInDoubtException>(() => appending);
            return true;
        }
    }

    // Not by the shared pools' sessions: setting it must not wait for a replica itself.
    private static async Task WaitForReplicaAsync(LedgerUnderTest ledger, string name)
    {
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, $"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, "SELECT pg_reload_conf()");
        while (await LedgerUnderTest.ScalarAsync<string>(ledger.Database.Superuser, "SHOW synchronous_standby_names") != name) { }
    }

    private static LedgerProcess Process(LedgerUnderTest ledger, string login) =>
        new(login, DatabaseRole.App, ledger.Vault, null, "token", ledger.Marks, ledger.Time);

    /// <summary>Ends the API's sessions, and returns when they are gone.</summary>
    private static Task<long> TerminateAsync(LedgerUnderTest ledger) => LedgerUnderTest.ScalarAsync<long>(ledger.Database.Superuser, """
        SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = 'ledger_api'
        """);
}
