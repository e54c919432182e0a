using System.Net.Http.Json;
using Ledger.Core.Checkpoints;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;
using Ledger.Testing.Postgres;
using Ledger.Testing.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A ledger with real logs: a database of its own, the Vault emulator, marks as files, one tenant <c>demo</c> made as an operator
/// makes it. Integrators are started by the test, which can make each of their steps fail before and after it persisted.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    public static readonly TenantId Demo = TenantId.Parse("demo");

    private readonly TempFolder folder = new();
    private readonly List<IAsyncDisposable> open = [];
    private LedgerProcess api = null!;

    public TestDatabase Database { get; private set; } = null!;

    public VaultEmulator Vault { get; private set; } = null!;

    public FaultyMarks Marks { get; private set; } = null!;

    public string MarksFolder => folder["marks"];

    public ManualTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    /// <summary>Signs and reads as the API does.</summary>
    public LedgerProcess Api => api ??= Process(Database.Api, DatabaseRole.App);

    /// <param name="bare">Without a tenant, not even that of the audit trail.</param>
    public static async Task<TestLog> StartAsync(bool bare = false)
    {
        var log = new TestLog();
        try
        {
            var cluster = await PostgresCluster.SharedAsync();
            log.Database = await cluster.CreateDatabaseAsync(LedgerUnderTest.MigrateAsync);
            log.Vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = log.folder["vault"] },
                CancellationToken.None);
            await log.VaultPostAsync("sys/mounts/transit", new { type = "transit" });
            var marks = Options.Create(new HighWaterMarkOptions { Directory = log.MarksFolder });
            log.Marks = new FaultyMarks(new FileHighWaterMarkStore(marks, TimeProvider.System));
            if (!bare) await log.OpenLogAsync(Demo);
            return log;
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    public async Task<bool> OpenLogAsync(TenantId tenant, bool isPublic = false)
    {
        await using var owner = Process(Database.Owner, DatabaseRole.Owner, remember: false);
        return await Opening(owner).OpenAsync(tenant, isPublic, "test", CancellationToken.None);
    }

    public LogOpening Opening(LedgerProcess owner) =>
        new(owner.Database, owner.Vault, owner.Keys, new KeyNames("ledger-ed25519"), Marks, owner.Audit,
        Options.Create(new LedgerOptions { LogName = "ledger.test" }), Time);

    /// <summary>What <c>new-epoch</c> does.</summary>
    /// <param name="connection">Another way to the database, such as <see cref="CommitCutter"/>'s.</param>
    /// <param name="logName">What the service is called by now.</param>
    public async Task<OpenedEpoch> OpenEpochAsync(bool force = false, string? connection = null, TenantId? tenant = null,
        string logName = "ledger.test")
    {
        await using var owner = Process(connection ?? Database.Owner, DatabaseRole.Owner, remember: false);
        var opening = new EpochOpening(owner.Database, owner.Vault, owner.Keys, owner.Signer, new KeyNames("ledger-ed25519"), Marks,
            owner.Preparation, owner.Audit, Options.Create(new LedgerOptions { LogName = logName }), Time, Log.For<EpochOpening>());
        return await opening.OpenAsync(tenant ?? Demo, "a test", force, "test", CancellationToken.None);
    }

    public async Task<IReadOnlyList<RetiredRange>> RetireAsync(string keyId, TenantId? tenant = null)
    {
        await using var owner = Process(Database.Owner, DatabaseRole.Owner, remember: false);
        return await new KeyRetirement(owner.Database, Marks, owner.Audit, new IdSource(), TimeProvider.System)
            .RetireAsync(keyId, tenant, "test", CancellationToken.None);
    }

    /// <summary>An integrator as a worker process of its own has it.</summary>
    /// <param name="connection">Another way to the database, such as <see cref="CommitCutter"/>'s.</param>
    public Integrator StartIntegrator(string? connection = null) => Integrator(StartWorker(connection));

    public LedgerProcess StartWorker(string? connection = null) => Process(connection ?? Database.Workers, DatabaseRole.Worker);

    public Integrator Integrator(LedgerProcess worker) =>
        new(worker.Database, Marks, worker.Signer, worker.Keys, new KeyNames("ledger-ed25519"), new IdSource(), Time,
            Log.For<Integrator>());

    /// <summary>Appends entries through the append path.</summary>
    public async Task AppendAsync(int count, TenantId? tenant = null)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Api.AppendAsync(tenant ?? Demo, $"fact-{i}")));
    }

    /// <summary>The same as one batch per 1 000.</summary>
    public async Task AppendBatchAsync(int count)
    {
        foreach (var items in Enumerable.Range(0, count)
            .Select(i => new Core.Entries.AppendBodyItem(LedgerUnderTest.Item($"fact-{i}"), null)).Chunk(1000))
            await Api.Appender.AppendBatchAsync(Demo, items, null, CancellationToken.None);
    }

    /// <summary>Runs rounds until one stores nothing and knows of nothing left; returns how many checkpoints were stored.</summary>
    public static async Task<int> IntegrateAsync(Integrator integrator)
    {
        var stored = 0;
        while (true)
        {
            var round = await integrator.RunOnceAsync(CancellationToken.None);
            if (round is { Stored: 0, More: false }) return stored;
            stored += round.Stored;
        }
    }

    /// <summary>Re-verifies everything there is of a log: see <see cref="TestLogCheck"/>. Returns its newest signed size.</summary>
    public Task<long> CheckLogAsync(TenantId? tenant = null, int epoch = 1) => new TestLogCheck(this, tenant ?? Demo, epoch).RunAsync();

    public Task SqlAsync(string sql) => LedgerUnderTest.SqlAsync(Database.Superuser, "SET search_path = ledger; " + sql);

    public Task<T> ScalarAsync<T>(string sql) => LedgerUnderTest.ScalarAsync<T>(Database.Owner, sql);

    public async Task<string?> HaltedAsync(TenantId? tenant = null, int epoch = 1) => await ScalarAsync<object>(
        $"SELECT halted FROM chain_heads WHERE tenant_id = '{tenant ?? Demo}' AND epoch = {epoch}") as string;

    public Task<long> TreeSizeAsync(TenantId? tenant = null, int epoch = 1) =>
        ScalarAsync<long>($"SELECT tree_size FROM tree_heads WHERE tenant_id = '{tenant ?? Demo}' AND epoch = {epoch}");

    /// <summary>Ends every lease now, as time would.</summary>
    public Task LapseLeasesAsync() => SqlAsync("UPDATE tree_heads SET lease_until = now() - interval '1 second'");

    /// <summary>Cuts every connection of the workers, as a failover does.</summary>
    public Task CutConnectionsAsync() =>
        SqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + $"WHERE datname = '{Database.Name}' AND usename = 'ledger_workers'");

    public Task RotateAsync(string key) => VaultPostAsync($"transit/keys/{key}/rotate", new { });

    public async Task VaultPostAsync(string path, object body)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Vault-Token", Vault.RootToken } } };
        using var answer = await http.PostAsJsonAsync(new Uri(Vault.Address, "/v1/" + path), body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
    }

    public LedgerProcess Process(string connection, DatabaseRole role, bool remember = true)
    {
        var process = new LedgerProcess(connection, role, new SocketsHttpHandler(), Vault.Address, Vault.RootToken, new MarkedSize(Marks),
            Time, ResiliencePipeline.Empty);
        if (remember) open.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in open) await process.DisposeAsync();
        if (Vault is not null) await Vault.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        folder.Dispose();
    }
}
