using System.Globalization;
using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>The pages for a signer, a store and a site that were away, for a restore, and for doubts about the data: every command of
/// them that a DevHost can be asked.</summary>
public sealed class OperatorRunbookTests(RunbookDevHost shared) : IClassFixture<RunbookDevHost>
{
    [Theory]
    [InlineData("signer-outage.md")]
    [InlineData("storage-outage.md")]
    [InlineData("service-recovery.md")]
    [InlineData("data-integrity.md")]
    [InlineData("backup-restore.md")]
    public void A_page_has_its_five_sections_in_order(string page)
    {
        var text = File.ReadAllText(RepositoryPath.Of("docs", "runbooks", page));
        string[] sections = ["## Identify", "## Contain", "## Investigate", "## Recover", "## Communicate"];
        var places = sections.Select(section => text.IndexOf(section, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_for_a_sealed_Vault_gives_what_it_shows()
    {
        var shell = await shared.ShellAsync();
        await shell.RunAsync(RunbookStep.Before("""
            curl -sf -d '{"mode":"sealed","path_prefix":"/v1/transit/sign/ledger-ed25519-checkpoint"}' $VAULT_ADDR/emulator/faults
            """ + "\n" + RunbookDevHost.AnEntry + """

            curl -sf -d '{"mode":"sealed"}' $VAULT_ADDR/emulator/faults
            """));
        await RunAsync(shell, "signer-outage.md", until: "Recover");
        await shell.RunAsync(RunbookStep.Before("curl -sf -X DELETE $VAULT_ADDR/emulator/faults"));
        await RunAsync(shell, "signer-outage.md", from: "Recover");
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_for_doubts_about_the_data_gives_what_it_shows() =>
        await RunAsync(await shared.ShellAsync(), "data-integrity.md");

    [PostgresFact(linux: true)]
    public async Task Every_command_for_the_way_back_gives_what_it_shows() =>
        await RunAsync(await shared.ShellAsync(), "service-recovery.md");

    [PostgresFact(linux: true)]
    public async Task Every_command_for_a_store_that_is_away_gives_what_it_shows()
    {
        using var folder = new TempFolder();
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(folder), "--marks", "s3");
        var shell = new RunbookShell(host.EnvFile);
        await shell.RunAsync(RunbookStep.Before(RunbookDevHost.AnAnchoredEntry));
        await shell.RunAsync(RunbookStep.Before("""
            curl -sf -d '{"mode":"down"}' $AWS_ENDPOINT_URL/emulator/faults
            """ + "\n" + RunbookDevHost.AnEntry));
        await RunAsync(shell, "storage-outage.md", until: "Recover");
        await shell.RunAsync(RunbookStep.Before("curl -sf -X DELETE $AWS_ENDPOINT_URL/emulator/faults"));
        await RunAsync(shell, "storage-outage.md", from: "Recover");
    }

    [PostgresFact(linux: true)]
    public async Task A_restored_backup_stops_the_log_that_lost_entries_and_goes_on_in_its_next_epoch()
    {
        using var folder = new TempFolder();
        var state = RunningDevHost.StateIn(folder);
        string[] port = ["--api-port", FreePort.Next().ToString(CultureInfo.InvariantCulture)];
        var kept = new RunbookShell(folder["env"]); // as a person's shell keeps what it sourced while the DevHost is stopped
        await using (var host = await RunningDevHost.StartAsync(state, port))
        {
            File.Copy(host.EnvFile, folder["env"]);
            await kept.RunAsync(RunbookStep.Before(RunbookDevHost.AnAnchoredEntry));
            await RunAsync(kept, "backup-restore.md", until: "Back up");
        }
        await RunAsync(kept, "backup-restore.md", from: "Back up", until: "Recover");
        await using (await RunningDevHost.StartAsync(state, port))
            await kept.RunAsync(RunbookStep.Before(LostEntries));
        var recover = RunbookStep.ReadAll("backup-restore.md").SkipWhile(step => step.Section != "Recover").ToList();
        await kept.RunAsync(recover[0]);
        await using (var host = await RunningDevHost.StartAsync(state, port))
        {
            foreach (var step in recover.Skip(1)) await kept.RunAsync(step);
        }
    }

    private const string LostEntries = $"""
        for n in 1 2 3; do
        {RunbookDevHost.AnEntry}
        done
        until curl -sf $LEDGER_API/log/demo/checkpoint | sed -n 2p | grep -qx 4; do sleep 0.2; done
        """;

    private static async Task RunAsync(RunbookShell shell, string page, string? from = null, string? until = null)
    {
        var steps = RunbookStep.ReadAll(page).SkipWhile(step => from is not null && step.Section != from)
            .TakeWhile(step => step.Section != until).ToList();
        Assert.NotEmpty(steps);
        foreach (var step in steps) await shell.RunAsync(step);
    }
}
