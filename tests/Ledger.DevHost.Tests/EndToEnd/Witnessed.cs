using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Tests.Clients;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;
using Npgsql;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>Tenant demo of a running DevHost, as somebody sees it who appends and then asks others whether it is true.</summary>
internal sealed class Witnessed(IReadOnlyDictionary<string, string> env, TempFolder folder) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new();

    public IReadOnlyDictionary<string, string> Env => env;

    public void Dispose() => http.Dispose();

    /// <returns>The receipt.</returns>
    public async Task<JsonObject> AppendAsync(string payload)
    {
        using var answer = await TryAppendAsync(payload);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Whatever the append is answered with.</summary>
    public Task<HttpResponseMessage> TryAppendAsync(string payload) => SendAsync(HttpMethod.Post, "/append", "LEDGER_TOKEN",
        JsonContent.Create(new { subject = "user-action", payload = Encoding.UTF8.GetBytes(payload), meta = new { } }));

    /// <summary>Appends until the answer has this status.</summary>
    public async Task<HttpResponseMessage> AppendUntilAsync(HttpStatusCode expected)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(200)))
        {
            var answer = await TryAppendAsync("again");
            if (answer.StatusCode == expected)
                return answer;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, await answer.Content.ReadAsStringAsync());
            answer.Dispose();
        }
    }

    /// <param name="log">The variable that has its address.</param>
    public async Task SetDownAsync(string log, bool down)
    {
        var faults = new Uri($"{env[log]}/emulator/faults");
        using var answer = down ? await http.PostAsJsonAsync(faults, new { mode = "down" }) : await http.DeleteAsync(faults);
        Assert.True(answer.IsSuccessStatusCode, $"{faults}: {(int)answer.StatusCode}");
    }

    /// <summary>Saves what an address answers.</summary>
    public async Task<string> SaveAsync(string path, string file)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, "LEDGER_TOKEN");
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode}");
        await File.WriteAllBytesAsync(folder[file], await answer.Content.ReadAsByteArrayAsync());
        return folder[file];
    }

    public async Task SetPolicyAsync(object policy)
    {
        using var answer = await SendAsync(HttpMethod.Put, "/api/v1/policy", "LEDGER_TOKEN_ADMIN", JsonContent.Create(policy));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Anchors of a kind and position in every log, once so many logs have one.</summary>
    public async Task<IReadOnlyList<JsonObject>> AnchorsAsync(string kind, long position, int logs)
    {
        var name = kind == "checkpoint" ? "size" : "seq";
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(200)))
        {
            using var answer = await SendAsync(HttpMethod.Get, $"/anchors?kind={kind}", "LEDGER_TOKEN");
            var items = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["items"]!.AsArray().Select(static i => i!.AsObject());
            var found = items.Where(i => i[name]!.GetValue<long>() == position).ToList();
            if (found.Count == logs)
                return found;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{found.Count} of {logs} logs have {kind} {position}");
        }
    }

    /// <summary>One row of a query, as texts.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> RowAsync(string statement)
    {
        await using var database = NpgsqlDataSource.Create(env["ConnectionStrings__ledger"]);
        await using var command = database.CreateCommand(statement);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return Enumerable.Range(0, reader.FieldCount)
            .ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), null));
    }

    public Task<(int Code, string Output)> RekorCliAsync(params string[] arguments) =>
        Tool.RunAsync(RekorPrograms.Cli!, folder.Path, [.. arguments, "--rekor_server", env["REKOR_URL"]]);

    public Task<(int Code, string Output)> CosignAsync(string bundle, string artifact, params string[] options) =>
        Tool.RunAsync(CosignFactAttribute.CosignPath!, folder.Path, ["verify-blob", "--key", env["LEDGER_ANCHOR_PUB"], "--bundle", bundle,
            "--trusted-root", env["TRUSTED_ROOT"], .. options, artifact]);

    public Task<(int Code, string Output)> LedgerVerifyAsync(params string[] arguments) =>
        Tool.RunAsync(DotnetHost.Path, folder.Path, [DevHost.Processes.BuiltProgram.Verify, .. arguments, "--trust", env["LEDGER_TRUST"]]);

    /// <summary>The signature in a Sigstore bundle, in a file of its own.</summary>
    public async Task<string> SignatureOfAsync(JsonNode bundle, string file)
    {
        await File.WriteAllBytesAsync(folder[file], Convert.FromBase64String(bundle["messageSignature"]!["signature"]!.GetValue<string>()));
        return folder[file];
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, env["LEDGER_API"] + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", env[token]);
        return await http.SendAsync(request);
    }
}
