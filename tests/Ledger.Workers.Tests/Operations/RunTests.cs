using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Workers.Tests.Crashes;
using Npgsql;

namespace Ledger.Workers.Tests.Operations;

public sealed class RunTests
{
    [PostgresFact]
    public async Task Workers_outlive_a_database_that_goes_and_comes_back_and_stop_cleanly()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        var workers = await ledger.StartWorkersAsync();
        await workers.WaitForLineAsync("Application started");

        await ledger.Postgres.KillAsync();
        await workers.WaitForLineAsync("IntegratorLoop: ");
        await ledger.Postgres.StartAsync();
        await workers.WaitForLineAsync("IntegratorLoop: works again");

        Assert.Equal(0, await workers.StopAsync());
    }

    [PostgresFact]
    public async Task Workers_that_start_before_their_database_work_when_it_comes()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        await ledger.Postgres.KillAsync();
        var workers = await ledger.StartWorkersAsync();
        await workers.WaitForLineAsync("IntegratorLoop: ");

        await ledger.Postgres.StartAsync();
        await workers.WaitForLineAsync("IntegratorLoop: works again");

        Assert.Equal(0, await workers.StopAsync());
    }

    [PostgresFact]
    public async Task What_an_operator_did_is_covered_by_a_checkpoint_of_the_audit_trail()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo", "acme");
        var port = FreePort.Next();
        var workers = await ledger.StartWorkersAsync("--urls", $"http://127.0.0.1:{port}");
        await workers.WaitForHealthAsync(new Uri($"http://127.0.0.1:{port}/health"));

        // platform-audit itself, demo and acme were added.
        await using var owner = NpgsqlDataSource.Create(ledger.Owner);
        await using var covered = owner.CreateCommand("SELECT tree_size FROM ledger.tree_heads WHERE tenant_id = 'platform-audit'");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await covered.ExecuteScalarAsync(patience.Token) is not 3L) await Task.Delay(50, patience.Token);

        await using var actions = owner.CreateCommand("SELECT string_agg(DISTINCT subject, ',') FROM ledger.chain_entries");
        Assert.Equal("tenant.add", await actions.ExecuteScalarAsync());
        Assert.Equal(0, await workers.StopAsync());
    }
}
