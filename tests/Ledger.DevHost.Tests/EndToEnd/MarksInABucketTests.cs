using System.Net;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>The whole stack with its high-water marks in a bucket: what is shown is there first, an outage stops no append, and a database
/// that lost its end is found.</summary>
public sealed class MarksInABucketTests : IDisposable
{
    private const string Storage = "AWS_ENDPOINT_URL";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task Appends_outlive_an_outage_of_the_storage_and_a_database_that_lost_its_end_does_not_go_unnoticed()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder), "--marks", "s3");
        using var demo = new Witnessed(await host.SourceAsync(), _folder);
        Assert.Equal(("", "ledger-marks"), (demo.Env["HighWaterMark__Directory"], demo.Env["HighWaterMark__Bucket"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.State, "marks")));
        await demo.SetPolicyAsync(new { anchor = "checkpoint", seconds = 1 });

        // 1. Anchored and verified.
        var receipt = await demo.AppendAsync("one");
        await demo.AnchorsAsync("checkpoint", 1, logs: 2);
        var bundle = await demo.SaveAsync($"/entries/{receipt["id"]}/bundle", "one.json");
        var (code, output) = await demo.LedgerVerifyAsync(bundle);
        Assert.True(code == 0, output);

        // 2. Without the storage appends go on and are not covered.
        await demo.SetDownAsync(Storage, down: true);
        await demo.AppendAsync("two");
        await UntilHealthAsync(demo, "degraded");
        await demo.AppendAsync("three");
        Assert.Equal("1", (await demo.RowAsync("SELECT tree_size FROM tree_heads WHERE tenant_id = 'demo'"))["tree_size"]);

        // 3. It is back: covered and anchored without a hand.
        await demo.SetDownAsync(Storage, down: false);
        await demo.AnchorsAsync("checkpoint", 3, logs: 2);
        await UntilHealthAsync(demo, "healthy");

        // 4. The database loses its end; the bucket knows better.
        await LoseTheEndAsync(demo);
        await UntilAsync(async () => (await demo.RowAsync("SELECT halted FROM chain_heads WHERE tenant_id = 'demo'"))["halted"]
            == "log-rolled-back");
        using var refused = await demo.AppendUntilAsync(HttpStatusCode.ServiceUnavailable);
        Assert.EndsWith("log-rolled-back", JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["type"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    private static Task<IReadOnlyDictionary<string, string?>> LoseTheEndAsync(Witnessed demo) => demo.RowAsync("""
        ALTER TABLE chain_entries DISABLE TRIGGER append_only;
        UPDATE chain_heads SET next_seq = 1, head_hash = (SELECT prev FROM chain_entries WHERE tenant_id = 'demo' AND seq = 1)
         WHERE tenant_id = 'demo';
        DELETE FROM entry_meta WHERE tenant_id = 'demo' AND seq > 0;
        DELETE FROM chain_entries WHERE tenant_id = 'demo' AND seq > 0;
        ALTER TABLE chain_entries ENABLE ALWAYS TRIGGER append_only;
        SELECT next_seq FROM chain_heads WHERE tenant_id = 'demo'
        """);

    private static Task UntilHealthAsync(Witnessed demo, string status) => UntilAsync(async () =>
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{demo.Env["LEDGER_API"]}/health"));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<string>() == status;
    });

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !await holds(); await Task.Delay(TimeSpan.FromMilliseconds(200)))
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "not within a minute");
    }
}
