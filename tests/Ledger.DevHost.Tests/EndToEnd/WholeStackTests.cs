using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.DevHost.Tests.EndToEnd;

public sealed class WholeStackTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    public async Task What_was_appended_is_there_after_a_restart_and_the_trust_file_stays_true()
    {
        string id, trust;
        await using (var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder)))
        {
            var env = await host.SourceAsync();
            id = (await AppendAsync(env, "LEDGER_TOKEN"))["id"]!.GetValue<string>();
            await AppendAsync(env, "LEDGER_TOKEN_OTHER");
            trust = await File.ReadAllTextAsync(env["LEDGER_TRUST"]);
            var logs = JsonNode.Parse(trust)!["logs"]!.AsArray();
            Assert.Equal(["demo", "other"], logs.Select(static log => log!["tenant"]!.GetValue<string>()));
            Assert.Equal("ledger_owner", await QueryAsync(env["ConnectionStrings__ledger"], "SELECT current_user::text"));

            var children = host.Children();
            Assert.Equal(0, await host.Process.StopAsync());
            Assert.All(children, static child => Assert.True(child.HasExited));
        }
        await using var again = await RunningDevHost.StartAsync(_folder["state"]);
        var after = await again.SourceAsync();

        using var request = Request(HttpMethod.Get, after, $"/entries/{id}", "LEDGER_TOKEN");
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(trust, await File.ReadAllTextAsync(after["LEDGER_TRUST"]));
    }

    [PostgresFact(linux: true)]
    public async Task A_child_that_is_killed_stops_everything_and_is_named()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var children = host.Children();

        children.Single(static child => CommandOf(child).Contains("Ledger.Api.dll", StringComparison.Ordinal)).Kill();

        Assert.Equal(Run.Failed, await host.Process.Exited);
        Assert.Contains("the API (process", host.Process.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(host.EnvFile));
        Assert.All(children, static child => Assert.True(child.HasExited));
    }

    [PostgresFact(linux: true)]
    public async Task Both_programs_get_the_shells_telemetry_settings_and_no_child_outlives_a_killed_DevHost()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder), new Dictionary<string, string?>
        {
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=a-test", ["OTEL_SERVICE_NAME"] = null,
        });
        var children = host.Children();
        Assert.Equal(3, children.Count);
        foreach (var (program, name) in new[] { ("Ledger.Api.dll", "ledger-api"), ("Ledger.Workers.dll", "ledger-workers") })
        {
            var child = children.Single(child => CommandOf(child).Contains(program, StringComparison.Ordinal));
            var environment = (await File.ReadAllTextAsync($"/proc/{child.Id}/environ")).Split('\0');
            Assert.Contains("OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=a-test", environment);
            Assert.Contains($"OTEL_SERVICE_NAME={name}", environment);
        }

        await host.Process.KillAsync();

        using var patience = new CancellationTokenSource(Patience);
        foreach (var child in children)
            await child.WaitForExitAsync(patience.Token);
    }

    private async Task<JsonObject> AppendAsync(IReadOnlyDictionary<string, string> env, string token)
    {
        using var request = Request(HttpMethod.Post, env, "/append", token);
        var meta = new { user_id = "12345" };
        request.Content = JsonContent.Create(new { subject = "user-action", payload = "SGVsbG8gV29ybGQ=", meta });
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal("a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e", receipt["payload_hash"]!.GetValue<string>());
        return receipt;
    }

    private static string CommandOf(Process process) => File.ReadAllText($"/proc/{process.Id}/cmdline");

    private static HttpRequestMessage Request(HttpMethod method, IReadOnlyDictionary<string, string> env, string path, string token) =>
        new(method, env["LEDGER_API"] + path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", env[token]) } };

    private static async Task<string?> QueryAsync(string connection, string statement)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(statement);
        return (string?)await command.ExecuteScalarAsync();
    }
}
