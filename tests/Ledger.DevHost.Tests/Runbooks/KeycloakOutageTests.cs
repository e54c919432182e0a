using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>docs/runbooks/keycloak-outage.md, every command of it, on a DevHost whose Keycloak is down until the section that
/// recovers.</summary>
public sealed class KeycloakOutageTests : IDisposable
{
    private const string Page = "keycloak-outage.md";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_has_its_sections_in_order()
    {
        var page = File.ReadAllText(RepositoryPath.Of("docs", "runbooks", Page));
        string[] sections =
            ["## Identify", "## Contain", "## Investigate", "## Recover", "## Communicate", "## A realm's key is compromised"];
        var places = sections.Select(section => page.IndexOf(section, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_of_the_page_gives_what_it_shows()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var shell = new RunbookShell(host.EnvFile);
        var steps = RunbookStep.ReadAll(Page);
        var outage = steps.TakeWhile(step => step.Section != "Recover").ToList();

        await shell.RunAsync(Before("""
            curl -sf -d '{"mode":"down"}' $KEYCLOAK_URL/emulator/faults
            curl -sf -o /dev/null -X POST $LEDGER_API/api/v1/invitations -H "Authorization: Bearer $LEDGER_TOKEN_CLIENT_ADMIN" \
                -H 'Content-Type: application/json' \
                -d '{"email":"nina@demo.example","first_name":"Nina","last_name":"New","role":"AUDITOR"}'
            """));
        foreach (var step in outage) await shell.RunAsync(step);

        await shell.RunAsync(Before("curl -sf -X DELETE $KEYCLOAK_URL/emulator/faults"));
        foreach (var step in steps.Skip(outage.Count)) await shell.RunAsync(step);
    }

    private static RunbookStep Before(string command) => new("before", "sh", command, null);
}
