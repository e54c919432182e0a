using System.Collections.Concurrent;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Signing;
using Ledger.Testing.Postgres;
using Ledger.Testing.Time;
using Ledger.Verify;
using Ledger.Verify.Merkle;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>A migrated database of its own, a scriptable Vault, marks in memory and a clock that stands still; as many processes on
/// it as a test wants.</summary>
internal sealed class LedgerUnderTest : IAsyncDisposable
{
    public static readonly TenantId Demo = TenantId.Parse("demo");
    public static readonly TenantId Other = TenantId.Parse("other");

    private readonly List<LedgerProcess> processes = [];
    // By connection string: a new connection for every statement would cost more than all the statements.
    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Sources = new();

    private LedgerProcess? api;

    private LedgerUnderTest(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public FakeVault Vault { get; } = new();

    public MarksInMemory Marks { get; } = new();

    public ManualTime Time { get; } = new();

    /// <summary>An API process; more by <see cref="StartProcess"/>.</summary>
    public LedgerProcess Api => api ??= StartProcess();

    /// <summary>A ledger with the logs of <see cref="Demo"/> and <see cref="Other"/> open and empty.</summary>
    /// <param name="own">Another server than the one that tests share, for tests that stop it.</param>
    public static async Task<LedgerUnderTest> StartAsync(PostgresCluster? own = null)
    {
        var cluster = own ?? await PostgresCluster.SharedAsync();
        var ledger = new LedgerUnderTest(await cluster.CreateDatabaseAsync(MigrateAsync));
        await ledger.OpenLogAsync(Demo);
        await ledger.OpenLogAsync(Other);
        return ledger;
    }

    public static async Task MigrateAsync(string owner) => await Migrator.MigrateAsync(owner, CancellationToken.None);

    public static AppendItem Item(string subject = "user-action", string meta = """{"user_id":"12345"}""") =>
        new(subject, Digest.Sha256(Encoding.UTF8.GetBytes(subject)), Encoding.UTF8.GetBytes(meta));

    /// <summary>A claim of principal <c>alice</c> on POST /append unless told otherwise.</summary>
    public static IdempotencyClaim Claim(string key, string body = "body", string principal = "alice", string route = "POST /append") =>
        new(principal, route, key, Encoding.UTF8.GetBytes(body));

    /// <param name="vault">Another Vault than the scriptable one: its address, with a <paramref name="token"/>.</param>
    public LedgerProcess StartProcess(DatabaseRole role = DatabaseRole.App, Uri? vault = null, string token = "token")
    {
        var handler = vault is null ? (HttpMessageHandler)Vault : new SocketsHttpHandler();
        var process = new LedgerProcess(role == DatabaseRole.App ? Database.Api : Database.Workers, role, handler, vault, token, Marks,
            Time);
        processes.Add(process);
        return process;
    }

    /// <summary>A process whose connections run over a wire that can be cut; the caller disposes both.</summary>
    public LedgerProcess Behind(out CommitCutter cutter, DatabaseRole role = DatabaseRole.App)
    {
        cutter = new CommitCutter(role == DatabaseRole.App ? Database.Api : Database.Workers);
        return new LedgerProcess(cutter.ConnectionString, role, Vault, null, "token", Marks, Time);
    }

    public async Task OpenLogAsync(TenantId tenant)
    {
        await SqlAsync($"""
            INSERT INTO tenants (tenant_id, created_at) VALUES ('{tenant}', now());
            INSERT INTO chain_heads (tenant_id, epoch, origin, opened_at) VALUES ('{tenant}', 1, 'ledger.test/log/{tenant}', now());
            INSERT INTO tree_heads (tenant_id, epoch, root) VALUES ('{tenant}', 1, decode('{MerkleHash.EmptyRoot.ToHex()}', 'hex'));
            INSERT INTO scrubs (tenant_id, epoch) VALUES ('{tenant}', 1);
            """);
        Marks.Set(tenant, 0);
    }

    /// <summary>Runs statements as the owner.</summary>
    public Task SqlAsync(string sql) => SqlAsync(Database.Owner, sql);

    public static async Task SqlAsync(string connection, string sql)
    {
        await using var command = Source(connection).CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row, as the owner.</summary>
    public Task<T> ScalarAsync<T>(string sql) => ScalarAsync<T>(Database.Owner, sql);

    public static async Task<T> ScalarAsync<T>(string connection, string sql)
    {
        await using var command = Source(connection).CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// The rows of a query as the owner, in psql's unaligned form: columns as text in UTC, '|' between them, null as nothing.
    /// </summary>
    public Task<List<string>> TableAsync(string sql) => TableAsync(Database.Owner, sql);

    public static async Task<List<string>> TableAsync(string connection, string sql)
    {
        await using var command = Source(connection).CreateCommand(sql);
        command.AllResultTypesAreUnknown = true;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        return rows;
    }

    /// <summary>The first column of every row, as the owner.</summary>
    public async Task<List<string>> ListAsync(string sql) => [.. (await TableAsync(sql)).Select(r => r.Split('|')[0])];

    /// <summary>Returns when so many in this database wait for a lock; the act must not end before.</summary>
    public async Task WaitForLockAsync(Task act, int waiting = 1)
    {
        const string sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while (await ScalarAsync<long>(Database.Superuser, sql) < waiting) // others' waits are hidden from the owner
            Assert.False(act.IsCompleted, "it did not wait");
    }

    /// <summary>Verifies a whole log from its rows, as <see cref="LogCheck"/> does, and returns its length.</summary>
    public Task<long> CheckLogAsync(TenantId tenant) => LogCheck.RunAsync(Database.Owner, tenant);

    /// <summary>The problem that an act ends with.</summary>
    public static async Task<LedgerProblem> ProblemOfAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<LedgerProblemException>(act)).Problem;

    /// <summary>A small pool of one login.</summary>
    public static NpgsqlDataSource Source(string connection) =>
        Sources.GetOrAdd(connection, static c => NpgsqlDataSource.Create(c + ";Timezone=UTC;Maximum Pool Size=4"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        foreach (var login in new[] { Database.Owner, Database.Api, Database.Workers, Database.Superuser })
        {
            if (Sources.TryRemove(login, out var source)) await source.DisposeAsync();
        }
        Vault.Dispose();
        await Database.DisposeAsync();
    }
}
