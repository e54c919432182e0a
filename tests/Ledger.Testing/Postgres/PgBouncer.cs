using Ledger.DevHost.Postgres;
using Ledger.DevHost.Processes;
using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>A PgBouncer of its own in transaction mode before a PostgreSQL server. https://www.pgbouncer.org/config.html</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly ChildProcess child;
    private readonly int port;

    private PgBouncer(TempFolder folder, ChildProcess child, int port) => (this.folder, this.child, this.port) = (folder, child, port);

    /// <summary>Null where it is not installed. Debian puts it where only root's PATH leads.</summary>
    internal static string? Program => SearchPath.Find("pgbouncer") ?? new[] { "/usr/sbin/pgbouncer" }.FirstOrDefault(File.Exists);

    /// <param name="connections">Servers' connections for each login and database: fewer than there will be clients.</param>
    /// <param name="logins">The direct ways, as connection strings, of the logins that may come.</param>
    public static async Task<PgBouncer> StartAsync(int connections, params string[] logins)
    {
        var folder = new TempFolder();
        try
        {
            var port = FreePort.Next();
            var known = logins.Select(login => new NpgsqlConnectionStringBuilder(login)).ToList();
            // With the passwords themselves it can log in anywhere they are asked for by SCRAM.
            await File.WriteAllLinesAsync(folder["users.txt"], known.Select(login => $"\"{login.Username}\" \"{login.Password}\""));
            await File.WriteAllTextAsync(folder["pgbouncer.ini"], $"""
                [databases]
                * = host=127.0.0.1 port={known[0].Port}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = {folder["users.txt"]}
                pool_mode = transaction
                default_pool_size = {connections}
                max_client_conn = 500
                """);
            // It does not run as root. The files are a test's alone: anybody may read them.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
            var child = await ChildProcess.StartAsync(new ProcessSpec("pgbouncer", Program!, folder["pgbouncer.ini"])
            {
                UserId = ServerUser.Id,
                SignalOnOurDeath = "KILL",
            });
            await child.WaitForLineAsync(line => line.Contains("process up", StringComparison.Ordinal),
                new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
            return new PgBouncer(folder, child, port);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The same login's way through it.</summary>
    public string Through(string connection) => new NpgsqlConnectionStringBuilder(connection) { Port = port }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        folder.Dispose();
    }
}
