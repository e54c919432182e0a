using System.Reflection;
using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>
/// A throw-away PostgreSQL server on a free loopback port, with the product's logins. Ordinary tests share one per test process
/// (<see cref="SharedAsync"/>); crash tests start a durable one of their own (<see cref="StartNewAsync"/>).
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(() => StartNewAsync());

    private readonly Cluster _cluster;
    private readonly DatabasePasswords _passwords;
    private readonly SemaphoreSlim _making = new(1);
    private readonly Dictionary<MethodInfo, string> _templates = [];
    private int _databases;

    private PostgresCluster(Cluster cluster, string folder, DatabasePasswords passwords)
    {
        (_cluster, Folder, _passwords) = (cluster, folder, passwords);
        // The kernel ends the server when this process is killed (Linux); this is the ordinary way, and removes the folder too.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public string Folder { get; }

    public int Port => _cluster.Port;

    /// <summary>The server's process id, while it runs.</summary>
    public int ProcessId => _cluster.Server.Id;

    /// <summary>The one this test process shares; fsync is off, it is stopped at process exit.</summary>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <param name="durable">fsync on, for tests that kill the server and expect every acknowledged commit.</param>
    public static async Task<PostgresCluster> StartNewAsync(bool durable = false)
    {
        LeftoverFolders.Remove();
        var folder = Path.Combine(Path.GetTempPath(), $"{LeftoverFolders.Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()}");
        var options = new ClusterOptions(PostgresFinder.Find(), folder, FreePort.Next(), "superuser")
        {
            Fsync = durable,
            SignalOnOurDeath = "QUIT",
        };
        var cluster = await Cluster.StartAsync(options, CancellationToken.None);
        var passwords = new DatabasePasswords("owner", "api", "workers");
        await DatabaseRoles.EnsureAsync(cluster.SuperuserConnectionString(), passwords, CancellationToken.None);
        return new PostgresCluster(cluster, folder, passwords);
    }

    /// <summary>A fresh database owned by `ledger_owner`: empty, or a copy of a template on which the delegate ran once.</summary>
    /// <param name="migrate">Given the owner's connection string. A static method or lambda: there is one template per method.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(Func<string, Task>? migrate = null)
    {
        var template = migrate is null ? null : await TemplateAsync(migrate);
        var name = $"ledger_{Interlocked.Increment(ref _databases)}";
        await _making.WaitAsync();
        try
        {
            // FILE_COPY: half the processor time of the default, which logs every page of the copy.
            var copied = template is null ? "" : $" TEMPLATE {template} STRATEGY FILE_COPY";
            await ExecuteAsync($"CREATE DATABASE {name} OWNER {DatabaseRoles.Owner}{copied}");
            // ALTER DATABASE … SET is a property of the database's row, not of its content: a copy does not inherit it.
            if (template is not null)
                await ExecuteAsync($"""
                    INSERT INTO pg_db_role_setting (setdatabase, setrole, setconfig)
                    SELECT (SELECT oid FROM pg_database WHERE datname = '{name}'), setrole, setconfig
                      FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = '{template}')
                    """);
        }
        finally
        {
            _making.Release();
        }
        return new TestDatabase(_cluster, name, _passwords);
    }

    /// <summary>SIGKILL to the server and all its processes: what a crash is.</summary>
    public async Task KillAsync()
    {
        await _cluster.KillAsync();
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Starts it again, on the same port, with the same data.</summary>
    public Task StartAsync() => _cluster.StartAsync(CancellationToken.None);

    /// <summary>An orderly restart, such as a failover shows it to clients: all connections are cut.</summary>
    public async Task RestartAsync()
    {
        await _cluster.StopAsync();
        NpgsqlConnection.ClearAllPools();
        await _cluster.StartAsync(CancellationToken.None);
    }

    /// <summary>Stops the server and keeps a copy of all its data: a cold backup. It is left stopped.</summary>
    public async Task<string> BackUpAsync()
    {
        await StopAsync();
        var backup = $"{Data}.backup-{Path.GetRandomFileName()}";
        await CopyAsync(Data, backup);
        return backup;
    }

    /// <summary>Stops the server and puts a backup in the place of its data. It is left stopped.</summary>
    public async Task RestoreAsync(string backup)
    {
        await StopAsync();
        Directory.Delete(Data, recursive: true);
        await CopyAsync(backup, Data);
    }

    private string Data => _cluster.DataFolder;

    private async Task StopAsync()
    {
        await _cluster.StopAsync();
        NpgsqlConnection.ClearAllPools();
    }

    // cp keeps the owner, which PostgreSQL insists on and Directory cannot copy.
    private static async Task CopyAsync(string from, string to)
    {
        using var copy = System.Diagnostics.Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0) throw new IOException($"cp -a {from} {to} ended with {copy.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await _cluster.StopImmediatelyAsync();
        _making.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void OnProcessExit(object? sender, EventArgs e) => DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));

    private async Task<string> TemplateAsync(Func<string, Task> migrate)
    {
        await _making.WaitAsync();
        try
        {
            if (_templates.TryGetValue(migrate.Method, out var known))
                return known;
            var name = $"template_{_templates.Count + 1}";
            await ExecuteAsync($"CREATE DATABASE {name} OWNER {DatabaseRoles.Owner}");
            var owner = _cluster.ConnectionString(DatabaseRoles.Owner, _passwords.Owner, name);
            await migrate(new NpgsqlConnectionStringBuilder(owner) { Pooling = false }.ConnectionString);
            // A database with a connection cannot be copied, and the migration may have pooled one under its own string.
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            _templates.Add(migrate.Method, name);
            return name;
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var database = NpgsqlDataSource.Create(_cluster.SuperuserConnectionString());
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
