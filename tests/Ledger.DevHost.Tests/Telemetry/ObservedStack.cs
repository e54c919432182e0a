using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Telemetry;

namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>A DevHost that exports to a receiver, after somebody appended, verified, was refused, and each dependency was away for a
/// while; stopped, so that all of it has arrived. One for all tests: they only look.</summary>
public sealed class ObservedStack : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private IReadOnlyDictionary<string, string> env = new Dictionary<string, string>();

    public OtlpReceiver Received { get; private set; } = null!;

    /// <summary>The trace id that the caller of the one append sent.</summary>
    public string AppendTrace { get; } = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>What must be in no telemetry.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute(linux: true).Skip is not null) return; // and so are the tests
        Received = await OtlpReceiver.StartAsync();
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(folder), new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Received.GrpcAddress.AbsoluteUri, // the default protocol
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        }, "--marks", "s3");
        env = await host.SourceAsync();
        using var demo = new Witnessed(env, folder);
        await AppendAsync();
        await demo.SetPolicyAsync(new { anchor = "entry", seconds = 1 });
        await demo.AnchorsAsync("checkpoint", 1, logs: 2);
        await AskAsync(HttpMethod.Post, "/api/v1/rekor/verify", "LEDGER_TOKEN", new { artifact_sha256 = new string('0', 64) });
        await AskAsync(HttpMethod.Get, "/chain/proof", "LEDGER_TOKEN");
        await AskAsync(HttpMethod.Get, "/entries?subject=query-value-that-is-a-secret", "LEDGER_TOKEN");
        for (var i = 0; i < 2; i++) await AskAsync(HttpMethod.Get, "/admin/api/v1/tenants", "LEDGER_TOKEN");
        await OutagesAsync(demo);
        Secrets = ["query-value-that-is-a-secret", "the-payload-is-a-secret", .. env.Where(IsSecret).Select(pair => pair.Value)];
        Assert.Equal(0, await host.Process.StopAsync());
    }

    public Task DisposeAsync() => Received is null ? Task.CompletedTask : Received.DisposeAsync().AsTask();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    // Each way to fail once: the signer for who appends, the logs for the workers.
    private async Task OutagesAsync(Witnessed demo)
    {
        foreach (var down in (string[])["REKOR_URL", "REKOR2_URL", "VAULT_ADDR"]) await demo.SetDownAsync(down, down: true);
        using (var refused = await demo.TryAppendAsync("refused")) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await demo.SetDownAsync("VAULT_ADDR", down: false);
        using (var accepted = await demo.AppendUntilAsync(HttpStatusCode.Created)) { }
        await Received.WaitAsync("line of a failed anchoring",
            all => all.Logs.FirstOrDefault(line => line.Body.StartsWith("Rekor anchoring failed", StringComparison.Ordinal)));
        foreach (var up in (string[])["REKOR_URL", "REKOR2_URL"]) await demo.SetDownAsync(up, down: false);
    }

    private async Task AppendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, env["LEDGER_API"] + "/append")
        {
            Content = JsonContent.Create(new { subject = "user-action", payload = "dGhlLXBheWxvYWQtaXMtYS1zZWNyZXQ=" }),
            Headers = { { "traceparent", $"00-{AppendTrace}-00f067aa0ba902b7-01" } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", env["LEDGER_TOKEN"]);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, string token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, env["LEDGER_API"] + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", env[token]);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static bool IsSecret(KeyValuePair<string, string> pair) => pair.Value.Length >= 8
        && (pair.Key.Contains("TOKEN", StringComparison.Ordinal) || pair.Key.Contains("PASSWORD", StringComparison.Ordinal)
            || pair.Key.Contains("SECRET", StringComparison.Ordinal));
}
