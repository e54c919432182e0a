using Ledger.Testing.Attributes;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>kill -9 of each process while 32 clients append. What was acknowledged stays, nothing is applied twice.</summary>
public class KillTests
{
    private const int Clients = 32;
    private const int BetweenKills = 300;

    [PostgresFact]
    public async Task Killed_API_workers_and_PostgreSQL_lose_nothing_that_was_acknowledged()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        var (api, address) = await ledger.StartApiAsync();
        var workers = await ledger.StartWorkersAsync();
        using var client = ledger.ClientOf(address, "demo");
        var writers = new PersistentWriters([client], Clients);
        writers.Start();

        for (var round = 0; round < 2; round++)
        {
            await writers.MoreAsync(BetweenKills);
            await api.KillAsync();
            (api, _) = await ledger.StartApiAsync(address.Port);

            await writers.MoreAsync(BetweenKills);
            await workers.KillAsync();
            workers = await ledger.StartWorkersAsync();

            await writers.MoreAsync(BetweenKills);
            await ledger.Postgres.KillAsync();
            await ledger.Postgres.StartAsync();
        }
        await writers.MoreAsync(BetweenKills);
        await writers.FinishAsync();

        Assert.Empty(writers.Refused);
        await WholeLog.CheckAsync(client, ledger.Owner, "demo", writers.Acknowledged);
    }

    [PostgresFact]
    public async Task Two_API_processes_append_to_one_tenant_and_either_may_be_killed()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        var (one, first) = await ledger.StartApiAsync();
        var (_, second) = await ledger.StartApiAsync();
        await ledger.StartWorkersAsync();
        using var toFirst = ledger.ClientOf(first, "demo");
        using var toSecond = ledger.ClientOf(second, "demo");
        var writers = new PersistentWriters([toFirst, toSecond], Clients);
        writers.Start();

        await writers.MoreAsync(BetweenKills);
        await one.KillAsync();
        await writers.MoreAsync(BetweenKills);
        await ledger.StartApiAsync(first.Port);
        await writers.MoreAsync(BetweenKills);
        await writers.FinishAsync();

        Assert.Empty(writers.Refused);
        await WholeLog.CheckAsync(toSecond, ledger.Owner, "demo", writers.Acknowledged);
    }
}
