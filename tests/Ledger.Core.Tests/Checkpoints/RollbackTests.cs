using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A database or a mark that is not the newest any more.</summary>
public sealed class RollbackTests
{
    [PostgresTheory]
    [InlineData(0)] // an idle log: nobody appends after the restore
    [InlineData(2)] // a busy one, still behind what was shown
    [InlineData(9)] // a busy one that has grown past it, with other entries
    public async Task A_database_restored_from_an_older_copy_signs_nothing(int appendedAfterwards)
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        var copy = await DatabaseCopy.TakeAsync(ledger);
        await ledger.AppendAsync(4);
        await TestLog.IntegrateAsync(integrator);
        var signed = ledger.Vault.Signatures;

        await copy.RestoreAsync();
        await AppendWithoutFloorAsync(ledger, appendedAfterwards);
        signed += appendedAfterwards;
        await ledger.CutConnectionsAsync(); // the integrator goes on over a new connection, in the very round that finds the old one dead

        Assert.Equal(0, await TestLog.IntegrateAsync(integrator));
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());
        Assert.Equal(3, await ledger.TreeSizeAsync());
        Assert.Equal(signed, ledger.Vault.Signatures);
        Assert.Single(ledger.Log.Alerts);
        // The same finding for one who starts now.
        Assert.Equal(0, await TestLog.IntegrateAsync(ledger.StartIntegrator()));
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());
    }

    [PostgresFact]
    public async Task A_halted_log_goes_on_when_the_right_database_is_back()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        var older = await DatabaseCopy.TakeAsync(ledger);
        await ledger.AppendAsync(4);
        await TestLog.IntegrateAsync(integrator);
        var newest = await DatabaseCopy.TakeAsync(ledger);
        await older.RestoreAsync();
        await ledger.CutConnectionsAsync(); // the integrator goes on over a new connection, in the very round that finds the old one dead
        await TestLog.IntegrateAsync(integrator);
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());

        await newest.RestoreAsync();
        await ledger.SqlAsync("UPDATE chain_heads SET halted = 'log-rolled-back'"); // as a copy taken while it was halted would have it
        await ledger.CutConnectionsAsync(); // the integrator goes on over a new connection, in the very round that finds the old one dead
        await TestLog.IntegrateAsync(integrator);

        Assert.Null(await ledger.HaltedAsync());
        await ledger.AppendAsync(1);
        await TestLog.IntegrateAsync(integrator);
        Assert.Equal(8, await ledger.CheckLogAsync());
    }

    [PostgresFact]
    public async Task A_mark_that_was_rolled_back_is_moved_forward_with_an_alert()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(300);
        await TestLog.IntegrateAsync(integrator);
        var mark = Path.Combine(ledger.MarksFolder, "demo", "1");
        var older = await File.ReadAllBytesAsync(mark);
        await ledger.AppendAsync(4);
        await TestLog.IntegrateAsync(integrator);

        await File.WriteAllBytesAsync(mark, older);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());

        Assert.Equal(304, (await ledger.Marks.ReadAsync(TestLog.Demo, 1, CancellationToken.None))!.Mark.Size);
        Assert.Contains("rolled back", Assert.Single(ledger.Log.Alerts), StringComparison.Ordinal);
        await ledger.AppendAsync(1);
        await TestLog.IntegrateAsync(integrator);
        Assert.Equal(305, await ledger.CheckLogAsync());
    }

    [PostgresFact]
    public async Task A_mark_that_is_gone_halts_a_log_that_was_shown()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        var mark = Path.Combine(ledger.MarksFolder, "demo", "1");
        var kept = await File.ReadAllBytesAsync(mark);
        await ledger.AppendAsync(1);

        File.Delete(mark);
        Assert.Equal(0, await TestLog.IntegrateAsync(integrator));
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());
        await ledger.OpenLogAsync(TestLog.Demo); // repeating it must not make a new mark
        Assert.False(File.Exists(mark));

        await File.WriteAllBytesAsync(mark, kept);
        ledger.Time.Advance(TimeSpan.FromSeconds(10));
        await TestLog.IntegrateAsync(integrator);
        Assert.Null(await ledger.HaltedAsync());
        Assert.Equal(4, await ledger.CheckLogAsync());
    }

    [PostgresTheory]
    [InlineData("UPDATE tree_heads SET right_edge = decode(repeat('00', 64), 'hex')")]
    [InlineData("UPDATE tree_heads SET root = decode(repeat('00', 32), 'hex')")]
    [InlineData("ALTER TABLE chain_entries DISABLE TRIGGER ALL; DELETE FROM chain_entries WHERE seq = 4")]
    public async Task A_database_that_contradicts_itself_is_halted(string damage)
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(3);

        await ledger.SqlAsync(damage);
        Assert.Equal(0, await TestLog.IntegrateAsync(integrator));
        Assert.Equal("log-halted", await ledger.HaltedAsync());
    }

    // The floor of the append path would refuse; another program, or an API of an older version, would not.
    private static async Task AppendWithoutFloorAsync(TestLog ledger, int count)
    {
        ledger.Marks.Down = true;
        await using var process = new LedgerProcess(ledger.Database.Api, DatabaseRole.App, new SocketsHttpHandler(),
            ledger.Vault.Address,
            ledger.Vault.RootToken, new NoFloor(), ledger.Time);
        for (var i = 0; i < count; i++) await process.AppendAsync(TestLog.Demo, $"forked-{i}");
        ledger.Marks.Down = false;
    }

    private sealed class NoFloor : IMarkedSize
    {
        public ValueTask<long?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel) => ValueTask.FromResult<long?>(0);
    }
}
