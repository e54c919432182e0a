using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Jobs;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Entries;
using Ledger.Core.Tests.Jobs;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.Testing;
using TimestampingOptions = Ledger.Core.Anchoring.TimestampingOptions;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A ledger with everything that anchors it: real logs, the emulators of Vault, Rekor v1, and where a test wants it Rekor v2 with
/// a timestamping authority, behind the real clients. The test appends, makes checkpoints and runs jobs; nothing runs by itself.</summary>
internal sealed class TestAnchoring : IAsyncDisposable
{
    public static readonly TenantId Demo = TestLog.Demo;

    private readonly TempFolder folder = new();
    private Integrator integrator = null!;

    public TestLog Ledger { get; private set; } = null!;

    public Rekor1Emulator Rekor { get; private set; } = null!;

    public Rekor2Emulator? Rekor2 { get; private set; }

    public TimestampingEmulator? Tsa { get; private set; }

    public TransparencyLogs Logs { get; private set; } = null!;

    public HookedLog Log => (HookedLog)Logs.All[0];

    public HookedLog Log2 => (HookedLog)Logs.All[1];

    public TimestampClient Timestamps { get; private set; } = null!;

    public LedgerMeter Meter { get; } = new();

    /// <summary>The first worker process.</summary>
    public AnchorWorker Worker { get; private set; } = null!;

    /// <param name="second">Rekor v2 beside v1.</param>
    public static async Task<TestAnchoring> StartAsync(bool second = false)
    {
        var made = new TestAnchoring();
        try
        {
            made.Ledger = await TestLog.StartAsync();
            await made.StartLogsAsync(second);
            made.integrator = made.Ledger.StartIntegrator();
            made.Worker = made.StartWorker();
            await made.Worker.Rows.RegisterAsync(made.Logs, CancellationToken.None);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <param name="connection">Another way to the database, such as a wire that is cut.</param>
    /// <param name="logs">Another configuration.</param>
    public AnchorWorker StartWorker(string? connection = null, TransparencyLogs? logs = null) =>
        new(this, Ledger.StartWorker(connection), logs ?? Logs);

    public Task SqlAsync(string sql) => Ledger.SqlAsync(sql);

    public Task PolicyAsync(string policy, int entries = 1000, int seconds = 60, TenantId? tenant = null) => SqlAsync($"""
        UPDATE tenants SET anchor_policy = '{policy}', anchor_entries = {entries}, anchor_seconds = {seconds}
         WHERE tenant_id = '{tenant ?? Demo}'
        """);

    /// <summary>Appends entries and covers them by a checkpoint.</summary>
    public async Task AppendAsync(int count, TenantId? tenant = null)
    {
        await Ledger.AppendAsync(count, tenant);
        await TestLog.IntegrateAsync(integrator);
    }

    /// <summary>The same, and lets the policy's time pass.</summary>
    public async Task AppendDueAsync(int count, TenantId? tenant = null)
    {
        await AppendAsync(count, tenant);
        Ledger.Time.Advance(TimeSpan.FromSeconds(60));
    }

    /// <summary>Goes on until nothing is left to do, over whatever pauses it takes.</summary>
    public async Task SettleAsync()
    {
        for (var quiet = 0; quiet < 3; Ledger.Time.Advance(JobLimits.LongestPause))
        {
            await LapseLeasesAsync();
            quiet = await Worker.StepAsync() == 0 ? quiet + 1 : 0;
        }
    }

    /// <summary>Ends every lease now, as time would, and frees the jobs.</summary>
    public async Task LapseLeasesAsync()
    {
        await SqlAsync("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE status = 'running'");
        await Worker.Upkeep.RescueAsync(CancellationToken.None);
    }

    /// <summary>Rows in psql's unaligned form, as the owner.</summary>
    public async Task<List<string>> TableAsync(string sql)
    {
        await using var command = LedgerUnderTest.Source(Ledger.Database.Owner).CreateCommand(sql);
        command.AllResultTypesAreUnknown = true;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        return rows;
    }

    private async Task StartLogsAsync(bool second)
    {
        EmulatorOptions At(string name) => new() { StateDirectory = folder[name], Time = Ledger.Time };
        Rekor = await Rekor1Emulator.StartAsync(At("rekor"), CancellationToken.None);
        var rekor = new RekorOptions();
        rekor.Logs.Add(new RekorLogOptions { Url = Rekor.Address, PublicKey = Rekor.PublicKey, Origin = Rekor.Origin });
        var timestamping = new TimestampingOptions();
        if (second)
        {
            Rekor2 = await Rekor2Emulator.StartAsync(At("rekor2"), CancellationToken.None);
            Tsa = await TimestampingEmulator.StartAsync(At("tsa"), CancellationToken.None);
            rekor.Logs.Add(new RekorLogOptions { Url = Rekor2.Address, Version = 2, PublicKey = Rekor2.PublicKey, Origin = Rekor2.Origin });
            timestamping = new TimestampingOptions { Url = Tsa.Url, Certificates = Tsa.Certificates };
        }
        // Real time for the clients' timeouts and quick retries: nobody moves the ledger's clock while they wait.
        var clients = TransparencyLogs.Of(rekor, timestamping, TimeProvider.System);
        Logs = new TransparencyLogs([.. clients.All.Select(l => new HookedLog(l))], clients.Root);
        Timestamps = TimestampClient.Of(timestamping, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (Tsa is not null) await Tsa.DisposeAsync();
        if (Rekor2 is not null) await Rekor2.DisposeAsync();
        if (Rekor is not null) await Rekor.DisposeAsync();
        if (Ledger is not null) await Ledger.DisposeAsync();
        Meter.Dispose();
        folder.Dispose();
    }
}
