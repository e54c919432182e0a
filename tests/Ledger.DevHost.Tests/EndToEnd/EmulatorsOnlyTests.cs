using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.EndToEnd;

public sealed class EmulatorsOnlyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramFact("sh")]
    public async Task Env_holds_the_emulators_addresses_and_tokens_and_nothing_else()
    {
        await using var host = await RunningDevHost.StartAsync(_folder["state"], "--emulators-only");

        var env = await host.SourceAsync();

        Assert.Equal(
            ["AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
                "KEYCLOAK_URL", "LEDGER_DEMO_ADMIN_PASSWORD", "LEDGER_DEMO_AUDITOR_PASSWORD", "LEDGER_DEMO_TECH_PASSWORD",
                "LEDGER_MACHINE_SECRET", "LEDGER_OTHER_TECH_PASSWORD", "LEDGER_PLAT_ADMIN_PASSWORD", "LEDGER_PLAT_ADMIN_TOTP",
                "LEDGER_PLAT_BILLING_PASSWORD", "LEDGER_TOKEN", "LEDGER_TOKEN_ADMIN", "LEDGER_TOKEN_AUDITOR", "LEDGER_TOKEN_BILLING",
                "LEDGER_TOKEN_CLIENT_ADMIN", "LEDGER_TOKEN_OTHER", "LEDGER_TOKEN_PLATFORM_ADMIN", "LEDGER_TOKEN_TECH",
                "REKOR2_URL", "REKOR_SERVER_URL", "REKOR_URL", "Smtp__From", "Smtp__Host", "Smtp__Port", "TSA_URL", "VAULT_ADDR",
                "VAULT_TOKEN"],
            env.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, new HashSet<string> { env["LEDGER_TOKEN"], env["LEDGER_TOKEN_ADMIN"], env["LEDGER_TOKEN_OTHER"] }.Count);
        Assert.False(Directory.Exists(Path.Combine(host.State, "postgres")));
    }

    [ProgramFact("sh")]
    public async Task A_stop_by_SIGTERM_is_clean_and_a_restart_keeps_addresses_and_the_root_token()
    {
        string[] kept = ["AWS_ENDPOINT_URL", "AWS_SECRET_ACCESS_KEY", "KEYCLOAK_URL", "REKOR_URL", "REKOR2_URL", "TSA_URL", "VAULT_ADDR",
            "VAULT_TOKEN"];
        IReadOnlyDictionary<string, string> before;
        await using (var host = await RunningDevHost.StartAsync(_folder["state"], "--emulators-only"))
        {
            before = await host.SourceAsync();
            Assert.Equal(0, await host.Process.StopAsync());
            Assert.False(File.Exists(host.EnvFile));
        }
        await using var again = await RunningDevHost.StartAsync(_folder["state"], "--emulators-only");
        var after = await again.SourceAsync();

        Assert.Equal(kept.Select(name => before[name]), kept.Select(name => after[name]));
    }

    [ProgramFact("sh")]
    public async Task A_signal_that_comes_twice_is_one_stop()
    {
        await using var host = await RunningDevHost.StartAsync(_folder["state"], "--emulators-only");

        Signals.Send(host.Process.Id, Signal.Terminate);
        Signals.Send(host.Process.Id, Signal.Terminate);

        Assert.Equal(0, await host.Process.Exited);
        Assert.False(File.Exists(host.EnvFile));
    }

    [ProgramFact("sh")]
    public async Task A_second_one_on_the_same_state_is_refused_and_disturbs_nothing()
    {
        await using var host = await RunningDevHost.StartAsync(_folder["state"], "--emulators-only");

        await using var second = await RunningDevHost.LaunchAsync(_folder["state"], "--emulators-only");

        Assert.Equal(Run.Failed, await second.Process.Exited);
        Assert.Contains($"another DevHost (process {host.Process.Id})", second.Process.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(host.EnvFile));
    }
}
