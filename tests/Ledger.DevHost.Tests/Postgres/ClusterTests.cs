using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Npgsql;
using FreePort = Ledger.Testing.FreePort;

namespace Ledger.DevHost.Tests.Postgres;

public sealed class ClusterTests : IDisposable
{
    private static readonly DatabasePasswords Passwords = new("owner", "api", "workers");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task Data_survives_a_restart_and_the_set_up_can_be_repeated()
    {
        Open(_folder.Path);
        var options = Options();
        await using (var cluster = await StartAsync(options))
        {
            await QueryAsync(cluster.ConnectionString("ledger_owner", "owner", "ledger"), "CREATE TABLE facts AS SELECT 7 AS n");
        }
        await using var again = await StartAsync(options with { Port = FreePort.Next() });

        Assert.Equal("7", await QueryAsync(again.ConnectionString("ledger_owner", "owner", "ledger"), "SELECT n::text FROM facts"));
        Assert.Equal("on", await QueryAsync(again.SuperuserConnectionString(), "SHOW fsync"));
        Assert.Equal("", await QueryAsync(again.SuperuserConnectionString(), "SHOW unix_socket_directories"));
    }

    [PostgresFact]
    public async Task A_wrong_password_is_refused()
    {
        Open(_folder.Path);
        await using var cluster = await StartAsync(Options());

        var guess = cluster.ConnectionString("ledger_owner", "guess", "ledger");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => QueryAsync(guess, "SELECT ''"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [PostgresFact(linux: true)]
    public async Task The_server_runs_as_another_user_when_we_are_root()
    {
        Open(_folder.Path);
        await using var cluster = await StartAsync(Options());

        // "Uid:	65534	65534	65534	65534": real, effective, saved, file system.
        var status = File.ReadLines($"/proc/{cluster.Server.Id}/status");
        Assert.NotEqual("0", status.First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1]);
    }

    [PostgresFact]
    public async Task A_server_that_cannot_start_says_why()
    {
        Open(_folder.Path);
        var options = Options();
        await using var first = await StartAsync(options);

        var failed = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync(options with { Folder = _folder["second"] }));

        Assert.Contains("Address already in use", failed.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_state_folder_the_server_cannot_reach_has_its_cluster_elsewhere_and_remembers_where()
    {
        using var state = StateFolder.Open(_folder["closed/state"]);
        var place = await ClusterPlace.ChooseAsync(state, CancellationToken.None);

        // TempFolder is 0700: passable for ourselves, not for the user that root's server runs as.
        Assert.Equal(ServerUser.Id is null, place == state["postgres"]);
        Assert.Equal(place, await ClusterPlace.ChooseAsync(state, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_state_folder_the_server_can_reach_has_its_cluster_inside()
    {
        Open(_folder.Path);
        using var state = StateFolder.Open(_folder["state"]);

        Assert.Equal(state["postgres"], await ClusterPlace.ChooseAsync(state, CancellationToken.None));
    }

    private ClusterOptions Options() => new(PostgresFinder.Find(), _folder["postgres"], FreePort.Next(), "secret");

    private static async Task<Cluster> StartAsync(ClusterOptions options)
    {
        var cluster = await Cluster.StartAsync(options, CancellationToken.None);
        await DatabaseRoles.EnsureAsync(cluster.SuperuserConnectionString(), Passwords, CancellationToken.None);
        await DatabaseRoles.EnsureDatabaseAsync(cluster.SuperuserConnectionString(), "ledger", CancellationToken.None);
        return cluster;
    }

    private static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
    }

    private static async Task<string?> QueryAsync(string connection, string statement)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(statement);
        return (string?)await command.ExecuteScalarAsync();
    }
}
