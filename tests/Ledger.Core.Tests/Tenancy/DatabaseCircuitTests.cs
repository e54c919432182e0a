using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Ledger.Testing.Time;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>A database that is away is asked now and then, not by everybody. The clock is the test's.</summary>
public sealed class DatabaseCircuitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TenantId Demo = TenantId.Parse("demo");

    [Fact]
    public async Task After_ten_failures_nobody_asks_for_two_seconds_and_then_one_does()
    {
        var time = new ManualTime();
        await using var nobody = Nobody.Listen();
        await using var database = new LedgerDatabase(nobody.ConnectionString, DatabaseRole.App, resilience: new DatabaseResilience(time));
        for (var i = 0; i < 5; i++) await Assert.ThrowsAnyAsync<NpgsqlException>(() => BeginAsync(database)); // each tries twice
        Assert.Equal(10, nobody.Asked);

        var away = await Assert.ThrowsAsync<DatabaseAwayException>(() => BeginAsync(database));
        Assert.True(away.IsTransient);
        Assert.Equal(DatabaseResilience.Break, away.RetryAfter);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(TimeSpan.FromSeconds(0.1), (await Assert.ThrowsAsync<DatabaseAwayException>(() => BeginAsync(database))).RetryAfter);
        Assert.Equal(10, nobody.Asked);

        time.Advance(TimeSpan.FromSeconds(0.2));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => BeginAsync(database));
        Assert.Equal(11, nobody.Asked);
        await Assert.ThrowsAsync<DatabaseAwayException>(() => BeginAsync(database));
    }

    [PostgresFact]
    public async Task A_server_that_is_back_is_used_again_and_the_gauge_and_counters_tell()
    {
        var time = new ManualTime();
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var one = await cluster.CreateDatabaseAsync();
        using var meter = new LedgerMeter();
        using var metrics = new Heard(meter);
        var resilience = new DatabaseResilience(time, new DatabaseMetrics(meter), new CircuitMetrics(meter));
        await using var database = new LedgerDatabase(one.Owner, DatabaseRole.Owner, resilience: resilience);
        await AskAsync(database);
        Assert.Equal((0, 0, 0), (metrics.Open(), metrics.Failures("open"), metrics.Failures("query")));

        await cluster.KillAsync();
        for (var tries = 0; metrics.Open() == 0; tries++)
        {
            Assert.True(tries < 20, "the circuit did not open");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(database));
        }
        await Assert.ThrowsAsync<DatabaseAwayException>(() => AskAsync(database));
        Assert.Equal(1, metrics.Failures("query")); // the pooled connection that died
        Assert.InRange(metrics.Failures("open"), 4, 10);

        await cluster.StartAsync();
        await Assert.ThrowsAsync<DatabaseAwayException>(() => AskAsync(database));
        time.Advance(DatabaseResilience.Break);
        await AskAsync(database);
        Assert.Equal(0, metrics.Open());
    }

    [PostgresFact]
    public async Task A_password_that_is_refused_opens_no_circuit()
    {
        await using var one = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        var wrong = new NpgsqlConnectionStringBuilder(one.Api) { Password = "wrong" };
        await using var database = new LedgerDatabase(wrong.ConnectionString, DatabaseRole.App);
        for (var i = 0; i < 15; i++)
            Assert.Equal("28P01", (await Assert.ThrowsAsync<PostgresException>(() => BeginAsync(database))).SqlState);
    }

    [PostgresFact]
    public async Task Connections_that_are_all_in_use_open_no_circuit()
    {
        var time = new ManualTime();
        await using var one = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        await using var database = new LedgerDatabase(one.Owner, DatabaseRole.Owner, maxPoolSize: 1, new DatabaseResilience(time));
        await using (await database.BeginAsync(Demo, CancellationToken.None))
        {
            var waiting = Enumerable.Range(0, 20).Select(_ => BeginAsync(database)).ToList();
            time.Advance(TimeSpan.FromSeconds(LedgerDatabase.CommandTimeoutSeconds));
            foreach (var turn in waiting)
                Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<NpgsqlException>(() => turn)).InnerException);
        }
        await AskAsync(database);
    }

    [Fact]
    public async Task Who_leaves_while_a_connection_is_being_made_has_not_closed_the_circuit()
    {
        var time = new ManualTime();
        await using var nobody = Nobody.Listen();
        await using var database = new LedgerDatabase(nobody.ConnectionString, DatabaseRole.App, resilience: new DatabaseResilience(time));
        for (var i = 0; i < 5; i++) await Assert.ThrowsAnyAsync<NpgsqlException>(() => BeginAsync(database));
        nobody.IsSilent = true;
        time.Advance(DatabaseResilience.Break);

        using var leaving = new CancellationTokenSource();
        var asking = BeginAsync(database, leaving.Token);
        await nobody.Hung.WaitAsync(Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Assert.ThrowsAsync<DatabaseAwayException>(() => BeginAsync(database));
    }

    private static async Task BeginAsync(LedgerDatabase database, CancellationToken cancel = default)
    {
        await using var transaction = await database.BeginAsync(Demo, cancel);
    }

    private static async Task AskAsync(LedgerDatabase database)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(CancellationToken.None);
        await transaction.ExecuteAsync("SELECT 1", CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>A port that takes connections and drops them, or leaves them without an answer.</summary>
    private sealed class Nobody : IAsyncDisposable
    {
        private readonly TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        private readonly TaskCompletionSource hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<TcpClient> held = [];
        private Task dropping = Task.CompletedTask;
        private int asked;

        /// <summary>From now on it keeps connections and says nothing.</summary>
        public bool IsSilent { get; set; }

        /// <summary>One is kept.</summary>
        public Task Hung => hung.Task;

        public int Asked => Volatile.Read(ref asked);

        public string ConnectionString =>
            $"Host=127.0.0.1;Port={((System.Net.IPEndPoint)listener.LocalEndpoint).Port};Username=u;Password=p;Database=d;SSL Mode=Disable"
                + ";GSS Encryption Mode=Disable";

        public static Nobody Listen()
        {
            var nobody = new Nobody();
            nobody.listener.Start();
            nobody.dropping = nobody.DropAsync();
            return nobody;
        }

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await dropping;
            foreach (var client in held) client.Dispose();
        }

        private async Task DropAsync()
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref asked);
                    if (IsSilent)
                    {
                        held.Add(client);
                        hung.TrySetResult();
                    }
                    else client.Dispose();
                }
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException) { } // it is stopped
        }
    }

    /// <summary>What the meter says.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly Dictionary<string, long> failures = [];
        private int open;

        public Heard(LedgerMeter meter)
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter == meter.Meter) l.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<int>((i, value, tags, _) =>
            {
                if (i.Name == "ledger.circuit.open" && Tag(tags, "dependency") == "database") open = value;
            });
            listener.SetMeasurementEventCallback<long>((i, value, tags, _) =>
            {
                if (i.Name == "ledger.database.failures") failures[Tag(tags, "operation")] = Failures(Tag(tags, "operation")) + value;
            });
            listener.Start();
        }

        public int Open()
        {
            listener.RecordObservableInstruments();
            return open;
        }

        public long Failures(string operation) => failures.GetValueOrDefault(operation);

        public void Dispose() => listener.Dispose();

        private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
        {
            foreach (var tag in tags)
                if (tag.Key == name) return (string)tag.Value!;
            return "";
        }
    }
}
