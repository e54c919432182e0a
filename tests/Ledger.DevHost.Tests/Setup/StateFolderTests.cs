using Ledger.DevHost.Setup;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Setup;

public sealed class StateFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_said_in_one_line()
    {
        using var parent = new TempFolder();
        File.WriteAllText(parent["state"], "");
        Assert.Contains("--state DIR", Assert.Throws<SetupFailed>(() => StateFolder.Open(parent["state"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_one_is_told_who_holds_it()
    {
        using var first = StateFolder.Open(_folder["state"]);

        var refused = Assert.Throws<SetupFailed>(() => StateFolder.Open(_folder["state"]));

        Assert.Contains($"(process {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--state", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_free_again_when_the_first_is_done()
    {
        StateFolder.Open(_folder["state"]).Dispose();

        using var second = StateFolder.Open(_folder["state"]);

        Assert.True(Directory.Exists(second["marks"]));
    }

    [Fact]
    public void The_last_runs_env_is_removed_but_not_by_one_that_is_refused()
    {
        Directory.CreateDirectory(_folder["state"]);
        File.WriteAllText(_folder["state/env"], "stale");
        using var first = StateFolder.Open(_folder["state"]);
        Assert.False(File.Exists(first.Env));

        File.WriteAllText(first.Env, "healthy");
        Assert.Throws<SetupFailed>(() => StateFolder.Open(_folder["state"]));
        Assert.True(File.Exists(first.Env));
    }

    [Fact]
    public void Keys_marks_and_logs_are_nobody_elses_to_read()
    {
        using var state = StateFolder.Open(_folder["state"]);
        foreach (var folder in new[] { "vault", "keycloak", "marks", "logs" })
        {
            if (OperatingSystem.IsWindows()) Assert.True(Directory.Exists(state[folder]));
            else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(state[folder]));
        }
    }

    [Fact]
    public void Passwords_are_made_once_and_private()
    {
        using var state = StateFolder.Open(_folder["state"]);

        var made = new Secrets(state);
        string[] all = [made.Superuser, made.Database.Owner, made.Database.Api, made.Database.Workers, made.App];
        var again = new Secrets(state);

        string[] kept = [again.Superuser, again.Database.Owner, again.Database.Api, again.Database.Workers, again.App];
        Assert.Equal(all, kept);
        Assert.Equal(all.Length, all.Distinct().Count());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state["secrets.json"]));
    }

    [Fact]
    public void A_realm_file_gets_secrets_that_stay_and_nothing_that_is_none()
    {
        using var state = StateFolder.Open(_folder["state"]);

        var secret = new Secrets(state).OfRealmFiles("LEDGER_WORKERS_SECRET");

        Assert.NotNull(secret);
        Assert.Equal(secret, new Secrets(state).OfRealmFiles("LEDGER_WORKERS_SECRET"));
        Assert.Null(new Secrets(state).OfRealmFiles("LEDGER_PORTAL_URL"));
    }

    [Fact]
    public void Ports_stay_the_same_until_someone_else_takes_one()
    {
        using var state = StateFolder.Open(_folder["state"]);
        var ports = new Ports(state);
        var vault = ports.Of("vault");
        var keycloak = ports.Of("keycloak");

        using var taker = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, vault);
        taker.Start();

        Assert.Equal(keycloak, new Ports(state).Of("keycloak"));
        Assert.NotEqual(vault, new Ports(state).Of("vault"));
    }
}
