using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

public sealed class LedgerTransactionTests
{
    private const string Session = """
        SELECT concat_ws('|', pg_backend_pid(), current_user, current_setting('ledger.tenant', true), current_setting('search_path'))
        """;

    [PostgresFact]
    public async Task A_transaction_takes_on_role_tenant_and_path_and_leaves_nothing_of_it_on_the_session()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var database = new LedgerDatabase(ledger.Database.Api, DatabaseRole.App, maxPoolSize: 1);
        foreach (var commit in new[] { true, false })
        {
            await using var transaction = await database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None);
            var inside = (await ReadAsync(transaction)).Split('|');
            Assert.Equal(["ledger_app", "demo", "ledger, public"], inside[1..]);

            // Ended in the same round trip, behind the transaction's back, so that the second statement shows the bare session.
            await using var batch = transaction.Batch().Add(commit ? "COMMIT" : "ROLLBACK").Add(Session);
            await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            Assert.True(await reader.ReadAsync());
            Assert.Equal($"{inside[0]}|ledger_api||ledger, public", reader.GetString(0));
        }
    }

    [PostgresFact]
    public async Task The_next_transaction_on_the_same_connection_has_its_own_tenant_or_none()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var database = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker, maxPoolSize: 1);
        var seen = new List<string>();
        foreach (var tenant in new TenantId?[] { LedgerUnderTest.Demo, null, LedgerUnderTest.Other })
        {
            await using var transaction = tenant is null
                ? await database.BeginAcrossTenantsAsync(CancellationToken.None)
                : await database.BeginAsync(tenant.Value, CancellationToken.None);
            seen.Add(await ReadAsync(transaction));
            await transaction.CommitAsync(CancellationToken.None);
        }
        Assert.Single(seen.Select(s => s.Split('|')[0]).Distinct());
        Assert.Equal(["ledger_worker|demo", "ledger_worker|", "ledger_worker|other"],
            seen.Select(s => string.Join('|', s.Split('|')[1..3])));
        Assert.Equal(1, database.Generation);
    }

    [PostgresFact]
    public async Task What_was_not_committed_never_was()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using (var transaction = await ledger.Api.Database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None))
            Assert.Equal(1, await transaction.ExecuteAsync("UPDATE chain_heads SET next_seq = 99", CancellationToken.None));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT sum(next_seq)::bigint FROM chain_heads"));
    }

    [PostgresFact]
    public async Task The_default_tenant_begins_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.Api.Database.BeginAsync(default, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_login_that_is_no_member_of_the_role_gets_no_transaction()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var database = new LedgerDatabase(ledger.Database.Api, DatabaseRole.Worker);
        await using var transaction = await database.BeginAcrossTenantsAsync(CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => ReadAsync(transaction))).SqlState);
    }

    private static async Task<string> ReadAsync(LedgerTransaction transaction)
    {
        await using var reader = await transaction.QueryAsync(Session, CancellationToken.None);
        await reader.ReadAsync();
        return reader.GetString(0);
    }
}
