using System.Net;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>A tenant that would rather not write than write unwitnessed, with the API and the workers as they are deployed.</summary>
public sealed class FailClosedTests : IDisposable
{
    private static readonly string[] Logs = ["REKOR_URL", "REKOR2_URL"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task With_every_log_down_appends_end_once_the_limit_is_passed_and_go_on_by_themselves_when_one_is_back()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        using var demo = new Witnessed(await host.SourceAsync(), _folder);
        await demo.SetPolicyAsync(new { anchor = "checkpoint", seconds = 1, fail = "closed", max_age_seconds = 5 });
        await demo.AppendAsync("witnessed");
        await demo.AnchorsAsync("checkpoint", 1, logs: 2);

        foreach (var log in Logs) await demo.SetDownAsync(log, down: true);
        await demo.AppendAsync("not yet too old");
        using (var refused = await demo.AppendUntilAsync(HttpStatusCode.ServiceUnavailable))
        {
            var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
            Assert.EndsWith("witness-unavailable", problem["type"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        var stored = await CountAsync(demo);
        using (var still = await demo.TryAppendAsync("refused"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, still.StatusCode);
        Assert.Equal(stored, await CountAsync(demo));

        await demo.SetDownAsync(Logs[1], down: false); // not even the primary one
        using var accepted = await demo.AppendUntilAsync(HttpStatusCode.Created);
    }

    private static async Task<string?> CountAsync(Witnessed demo) =>
        (await demo.RowAsync("SELECT count(*) AS n FROM chain_entries WHERE tenant_id = 'demo'"))["n"];
}
