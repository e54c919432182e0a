using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>docs/runbooks/rekor-unavailable.md, every command of it, on a DevHost whose log is down until the section that
/// recovers.</summary>
public sealed class RekorUnavailableTests : IDisposable
{
    private const string Page = "rekor-unavailable.md", LastSectionOfTheOutage = "Investigate";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_page_has_its_five_sections_in_order_and_commands_in_four()
    {
        var page = File.ReadAllText(RepositoryPath.Of("docs", "runbooks", Page));
        string[] sections = ["## Identify", "## Contain", "## Investigate", "## Recover", "## Communicate"];
        var places = sections.Select(section => page.IndexOf(section, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(["Identify", "Contain", "Investigate", "Recover"], RunbookStep.ReadAll(Page).Select(step => step.Section).Distinct());
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_of_the_page_gives_what_it_shows()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();
        var shell = new RunbookShell(host.EnvFile);
        var steps = RunbookStep.ReadAll(Page);
        var outage = steps.TakeWhile(step => step.Section != "Recover").ToList();
        Assert.Equal(LastSectionOfTheOutage, outage[^1].Section);

        await LogsAsync(env, "down");
        await AppendAsync(env);
        await shell.RunAsync(new RunbookStep("before", "sh", """
            until curl -s $LEDGER_API/health | grep -q '"rekor":false'; do sleep 0.2; done
            until psql "$LEDGER_PG" -Atc "SELECT last_error_class FROM fact_chain_checkpoints" | grep -qx network; do sleep 0.2; done
            until psql "$LEDGER_PG" -Atc "SELECT tenant_id FROM jobs WHERE NOT is_primary AND frozen_signature IS NOT NULL" | grep -qx demo
            do sleep 0.2; done
            """, null));
        foreach (var step in outage) await shell.RunAsync(step);

        await LogsAsync(env, "ok");
        foreach (var step in steps.Skip(outage.Count)) await shell.RunAsync(step);
    }

    private async Task LogsAsync(IReadOnlyDictionary<string, string> env, string mode)
    {
        foreach (var log in new[] { "REKOR_URL", "REKOR2_URL", "TSA_URL" })
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(new Uri(env[log]), "/emulator/faults"), new { mode });
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task AppendAsync(IReadOnlyDictionary<string, string> env)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, env["LEDGER_API"] + "/append")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", env["LEDGER_TOKEN"]) },
            Content = JsonContent.Create(new { subject = "user-action", payload = "SGVsbG8gV29ybGQ=" }),
        };
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
