using Ledger.Testing.Attributes;
using Ledger.Workers.Tests.Crashes;

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
}
