using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>The database fails inside a group commit: nothing half, nothing twice, and the lane goes on.</summary>
public sealed class BrokenDatabaseTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task A_backend_killed_under_the_head_lock_stores_nothing_and_the_next_group_goes_on()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        var entries = await ledger.Api.SignedAsync(Demo, "doomed", "neighbour");

        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var killed = new Submission([entries[0]], LedgerUnderTest.Claim("k")) { Gate = (t, c) => KillAsync(ledger, t, c) };
        var doomed = ledger.Api.Appender.CommitAsync(Demo, killed);
        var neighbour = ledger.Api.Appender.CommitAsync(Demo, new Submission([entries[1]]));
        await held.ReleaseAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => doomed);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => neighbour);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
        Assert.Equal(2, (await ledger.Api.AppendAsync(Demo, "again", LedgerUnderTest.Claim("k"))).Seq);
        Assert.Equal(3, await ledger.CheckLogAsync(Demo));
    }

    [PostgresTheory]
    [InlineData("off", "on")]
    [InlineData("local", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task A_database_tuned_to_commit_before_it_is_durable_does_not_do_so_with_entries(string tuned, string expected)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("""
            CREATE FUNCTION commits_as() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.halted := current_setting('synchronous_commit');
                RETURN NEW;
            END $$;
            CREATE TRIGGER commits_as BEFORE UPDATE ON chain_heads FOR EACH ROW EXECUTE FUNCTION commits_as();
            """);
        await using var process = new LedgerProcess($"{ledger.Database.Api};Options=-c synchronous_commit={tuned}", DatabaseRole.App,
            ledger.Vault, null, "token", ledger.Marks, ledger.Time);
        await process.AppendAsync(Demo);
        Assert.Equal(expected, await ledger.ScalarAsync<string>("SELECT halted FROM chain_heads WHERE tenant_id = 'demo'"));
    }

    [PostgresFact]
    public async Task A_connection_cut_before_the_commit_stores_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var process = ledger.Behind(out var cutter);
        await using var _ = cutter;
        await process.AppendAsync(Demo);

        cutter.CutAt(1, afterItPersisted: false);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AppendAsync(process));
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
        Assert.Equal(1, (await AppendAsync(process)).Seq);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_connection_cut_after_the_commit_stores_once_and_the_Idempotency_Key_tells()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var process = ledger.Behind(out var cutter);
        await using var _ = cutter;
        await process.AppendAsync(Demo);

        cutter.CutAt(1, afterItPersisted: true);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AppendAsync(process));
        var told = await AppendAsync(process);
        Assert.Equal(1, told.Seq);
        Assert.Equal(2, (await process.AppendAsync(Demo)).Seq);
        Assert.Equal(3, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_head_locked_by_a_stranger_is_waited_for()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var stranger = await source.OpenConnectionAsync();
        await using var transaction = await stranger.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("SELECT 1 FROM chain_heads WHERE tenant_id = 'demo' FOR UPDATE", stranger, transaction);
        await locking.ExecuteScalarAsync();

        var appending = ledger.Api.AppendAsync(Demo);
        await ledger.WaitForLockAsync(appending);
        await transaction.RollbackAsync();
        Assert.Equal(0, (await appending).Seq);
    }

    private static Task<StoredEntry> AppendAsync(LedgerProcess process) => process.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));

    private static async Task<bool> KillAsync(LedgerUnderTest ledger, LedgerTransaction transaction, CancellationToken cancel)
    {
        int backend;
        await using (var reader = await transaction.QueryAsync("SELECT pg_backend_pid()", cancel))
        {
            await reader.ReadAsync(cancel);
            backend = reader.GetInt32(0);
        }
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, $"SELECT pg_terminate_backend({backend}, 10000)");
        return true;
    }
}
