using System.Globalization;
using Ledger.DevHost.Processes;
using Npgsql;

namespace Ledger.DevHost.Postgres;

/// <summary>A running PostgreSQL server that is our child, reached over loopback with passwords only.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Ready = "database system is ready to accept connections";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClusterOptions _options;
    private ChildProcess? _server;

    private Cluster(ClusterOptions options) => _options = options;

    /// <summary>The running server.</summary>
    public ChildProcess Server => _server ?? throw new InvalidOperationException("PostgreSQL is not running");

    public int Port => _options.Port;

    public string DataFolder => _options.Data;

    /// <summary>Makes the cluster if it is not there, and starts it.</summary>
    public static async Task<Cluster> StartAsync(ClusterOptions options, CancellationToken ct)
    {
        await ClusterMaker.MakeAsync(options, ct);
        var cluster = new Cluster(options);
        try
        {
            await cluster.StartAsync(ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Npgsql connection string of a login of this server.</summary>
    public string ConnectionString(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = user, Password = password, Database = database,
    }.ConnectionString;

    /// <summary>The superuser's, for making roles and databases and for what guards must withstand.</summary>
    public string SuperuserConnectionString(string database = "postgres") => ConnectionString("postgres", _options.Password, database);

    /// <summary>Starts the server, also after a stop or a kill; returns when it accepts connections.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await EndLeftoverAsync(ct);
        var durable = _options.Fsync ? "on" : "off";
        _server = await ChildProcess.StartAsync(Spec("postgres", [
            "-D", _options.Data, "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
            "-c", "logging_collector=off", "-c", "log_destination=stderr", "-c", "lc_messages=C",
            "-c", $"fsync={durable}", "-c", $"full_page_writes={durable}"]));
        await _server.WaitForLineAsync(static line => line.EndsWith(Ready, StringComparison.Ordinal), ct);
    }

    /// <summary>Fast shutdown: open transactions are rolled back, everything committed is on disk.</summary>
    public Task StopAsync() => EndAsync(Signal.Interrupt);

    /// <summary>Throw-away shutdown: what `pg_ctl stop -m immediate` does.</summary>
    public Task StopImmediatelyAsync() => EndAsync(Signal.Quit);

    /// <summary>A crash: SIGKILL to the server and all its processes, which would otherwise hold its shared memory for a while.</summary>
    public async Task KillAsync()
    {
        var processes = Signals.ChildrenOf(Server.Id);
        await Server.KillAsync();
        foreach (var process in processes)
            Signals.Send(process, Signal.Kill);
        await Server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task EndAsync(Signal signal)
    {
        if (_server is null)
            return;
        await _server.StopAsync(signal, Patience);
        await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>A server of a run that was killed where the kernel does not tell children (not Linux) may still own the data.</summary>
    private async Task EndLeftoverAsync(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(_options.Data, "postmaster.pid")))
            return;
        // Exit code 3: it is not running, the file is a crash's leftover, and the server knows how to deal with that.
        await using var status = await ChildProcess.StartAsync(Spec("pg_ctl", ["status", "-D", _options.Data]));
        if (await status.Exited.WaitAsync(ct) == 0)
            await ChildProcess.RunAsync(Spec("pg_ctl", ["stop", "-m", "fast", "-w", "-D", _options.Data]), ct);
    }

    private ProcessSpec Spec(string tool, IReadOnlyList<string> arguments) => new(tool, _options.Binaries.Tool(tool), arguments)
    {
        UserId = ServerUser.Id,
        WorkingDirectory = _options.Folder,
        LogFile = tool == "postgres" ? _options.LogFile : null,
        SignalOnOurDeath = _options.SignalOnOurDeath,
    };
}
