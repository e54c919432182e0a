using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>Behind a PgBouncer that gives a server's connection to another client after every transaction.</summary>
public sealed class PgBouncerTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;
    private static readonly TenantId Other = LedgerUnderTest.Other;

    private const string Session = """
        SELECT concat_ws('|', current_user, current_setting('ledger.tenant', true)), pg_backend_pid()
        """;

    /// <summary>Everything that a client could leave on a session for the next.</summary>
    private const string LeftOver = """
        SELECT concat_ws('|', current_user, current_setting('ledger.tenant', true), current_setting('search_path'),
                         current_setting('synchronous_commit'), current_setting('transaction_isolation'),
                         (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors WHERE name <> ''),
                         (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_class WHERE relpersistence = 't'),
                         (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())), pg_backend_pid()
        """;

    [PgBouncerFact]
    public async Task No_tenant_and_no_role_goes_from_one_clients_transaction_to_the_next_on_the_same_server_connection()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var bouncer = await PgBouncer.StartAsync(connections: 1, ledger.Database.Api);
        var login = bouncer.Through(ledger.Database.Api);
        await using var api = new LedgerDatabase(login, DatabaseRole.App);
        await using var another = new LedgerDatabase(login, DatabaseRole.App);
        await using var operators = new AdminDatabase(login);
        (LedgerDatabase Client, TenantId? Tenant, string Sees)[] clients =
        [
            (api, Demo, "ledger_app|demo"), (another, Other, "ledger_app|other"), (operators.Database, null, "ledger_admin|"),
            (another, null, "ledger_app|"), (operators.Database, Other, "ledger_admin|other"),
        ];

        var backends = new HashSet<int>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var (client, tenant, sees) = clients[i % clients.Length];
            await using var transaction = tenant is null
                ? await client.BeginAcrossTenantsAsync(CancellationToken.None)
                : await client.BeginAsync(tenant.Value, CancellationToken.None);
            for (var statement = 0; statement < 2; statement++)
            {
                await using var reader = await transaction.QueryAsync(Session, CancellationToken.None);
                await reader.ReadAsync();
                Assert.Equal(sees, reader.GetString(0));
                lock (backends) backends.Add(reader.GetInt32(1));
            }
            if (i % 3 != 0) await transaction.CommitAsync(CancellationToken.None); // the others roll back
        }));

        Assert.Single(backends); // all of them shared it
        Assert.Equal(("ledger_api||ledger, public|on|read committed|0|0|0|0|0", backends.Single()), await LeftOverAsync(login));
    }

    [PgBouncerFact]
    public async Task Processes_of_more_clients_than_the_pool_has_connections_append_to_sound_logs_and_leave_nothing_on_them()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var bouncer = await PgBouncer.StartAsync(connections: 2, ledger.Database.Api);
        var login = bouncer.Through(ledger.Database.Api);
        await using var one = Process(ledger, login);
        await using var two = Process(ledger, login);

        await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
        {
            var (process, tenant) = (i % 2 == 0 ? one : two, i % 3 == 0 ? Other : Demo);
            var entry = await process.AppendAsync(tenant, $"subject {i}", i % 4 == 0 ? LedgerUnderTest.Claim($"key {i}") : null);
            Assert.NotNull(await process.Reader.FindAsync(tenant, entry.Id, CancellationToken.None));
            Assert.Null(await process.Reader.FindAsync(tenant == Demo ? Other : Demo, entry.Id, CancellationToken.None));
        }));

        Assert.Equal((80, 40), (await ledger.CheckLogAsync(Demo), await ledger.CheckLogAsync(Other)));
        var clean = "ledger_api||ledger, public|on|read committed|0|0|0|0|0";
        foreach (var look in await Task.WhenAll(LeftOverAsync(login), LeftOverAsync(login))) Assert.Equal(clean, look.Session);
    }

    [PgBouncerFact]
    public async Task A_server_that_takes_over_behind_it_is_held_against_the_mark_although_no_connection_of_ours_was_lost()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(cluster);
        await using var bouncer = await PgBouncer.StartAsync(connections: 2, ledger.Database.Api);
        await using var process = Process(ledger, bouncer.Through(ledger.Database.Api));
        await process.AppendAsync(Demo);
        var generation = process.Database.Generation;
        ledger.Marks.Set(Demo, 100); // as if others had seen more than the server that takes over has
        await cluster.RestartAsync();

        var problem = await LedgerUnderTest.ProblemOfAsync(() => process.AppendAsync(Demo));
        Assert.Equal(ProblemTypes.LogRolledBack, problem.Type);
        Assert.True(process.Database.Generation > generation);
        ledger.Marks.Set(Demo, 1);
        await using var anew = Process(ledger, bouncer.Through(ledger.Database.Api));
        Assert.Equal(1, (await anew.AppendAsync(Demo)).Seq);
    }

    private static LedgerProcess Process(LedgerUnderTest ledger, string login) =>
        new(login, DatabaseRole.App, ledger.Vault, null, "token", ledger.Marks, ledger.Time);

    /// <summary>What the next client of a server's connection finds there.</summary>
    private static async Task<(string Session, int Backend)> LeftOverAsync(string login)
    {
        var plain = new NpgsqlConnectionStringBuilder(login) { Pooling = false };
        await using var connection = new NpgsqlConnection(plain.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(LeftOver, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetInt32(1));
    }
}
