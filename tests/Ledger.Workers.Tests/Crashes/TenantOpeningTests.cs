using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>Workers that are killed while they open a tenant, in their own role, with the next ones going on.</summary>
public sealed class TenantOpeningTests
{
    private const string Fact = """{"subject":"fact","payload":"SGVsbG8gV29ybGQ="}""";

    private const int Patience = 600; // tenths of a second

    [PostgresFact]
    public async Task A_tenant_that_was_asked_for_is_opened_although_workers_die_on_the_way()
    {
        await using var ledger = await LedgerProcesses.StartAsync();
        var (_, address) = await ledger.StartApiAsync();
        await AskAsync(ledger);
        // The first hangs where it makes the tenant's key: the audit trail's log is there by then, its own job held.
        ledger.Vault.Faults.Set(FaultMode.Hang, "/v1/transit/keys/ledger-ed25519-anchor-acme");
        var first = await ledger.StartWorkersAsync();
        for (var i = 0; await ScalarAsync(ledger, "SELECT count(*) FROM ledger.chain_heads") == 0; i++)
        {
            Assert.True(i < Patience, "no log of the audit trail");
            await Task.Delay(100);
        }
        await first.KillAsync();
        ledger.Vault.Faults.Clear();
        // Nobody waits a minute for its lease here.
        await ScalarAsync(ledger, "WITH l AS (UPDATE ledger.jobs SET lease_until = now() RETURNING 1) SELECT count(*) FROM l");

        await ledger.StartWorkersAsync();
        const string active = "SELECT count(*) FROM ledger.tenants WHERE tenant_id = 'acme' AND state = 'active'";
        for (var i = 0; await ScalarAsync(ledger, active) == 0; i++)
        {
            Assert.True(i < Patience, "not opened");
            await Task.Delay(100);
        }
        using var client = ledger.ClientOf(address, "acme");
        using var answer = await client.PostAsync("/append", new StringContent(Fact, Encoding.UTF8, "application/json"));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("chain_seq").GetInt64());
        await WholeLog.CoveredAsync(client, 1);
    }

    // As POST /admin/api/v1/tenants writes it.
    private static async Task AskAsync(LedgerProcesses ledger) => await ScalarAsync(ledger, """
        WITH t AS (INSERT INTO ledger.tenants (tenant_id, state, created_at) VALUES ('acme', 'opening', now())),
             j AS (INSERT INTO ledger.jobs (tenant_id, id, queue, args, max_attempts, created_at, next_retry_at)
                   VALUES ('acme', gen_random_uuid(), 'tenants.to_open', '{"actor":"olga"}', 5, now(),
                           now() - interval '1 second') RETURNING 1)
        SELECT count(*) FROM j
        """);

    private static async Task<long> ScalarAsync(LedgerProcesses ledger, string sql)
    {
        await using var source = NpgsqlDataSource.Create(ledger.Owner);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
