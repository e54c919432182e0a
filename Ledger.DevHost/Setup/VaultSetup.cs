using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Setup;

/// <summary>
/// What an operator does once on a Vault for a ledger, through its HTTP API, so that a real one and the emulator are treated alike.
/// </summary>
internal sealed class VaultSetup(HttpClient http, VaultAccess vault)
{
    private const string Mount = "transit", EntryPolicy = "ledger-entry", WorkerPolicy = "ledger-worker", Days30 = "720h";

    /// <summary>Mounts transit, writes both policies, makes both tokens.</summary>
    /// <exception cref="SetupFailed">Vault cannot be reached or refuses; the message carries its errors.</exception>
    public async Task<VaultAccess> RunAsync(CancellationToken ct)
    {
        if ((await SendAsync(HttpMethod.Get, "sys/mounts", null, ct))?[Mount + "/"] is null)
            await SendAsync(HttpMethod.Post, $"sys/mounts/{Mount}", new JsonObject { ["type"] = "transit" }, ct);
        await WritePolicyAsync(EntryPolicy, EntryRules(vault.TransitKey), ct);
        await WritePolicyAsync(WorkerPolicy, WorkerRules(vault.TransitKey), ct);
        return vault with { EntryToken = await MakeTokenAsync(EntryPolicy, ct), WorkerToken = await MakeTokenAsync(WorkerPolicy, ct) };
    }

    /// <summary>The API signs entries, and reads the public half of that key: nothing else.</summary>
    public static string EntryRules(string key) => $$"""
        path "{{Mount}}/sign/{{key}}" { capabilities = ["update"] }
        path "{{Mount}}/sign/{{key}}/*" { capabilities = ["update"] }
        path "{{Mount}}/keys/{{key}}" { capabilities = ["read"] }
        """;

    /// <summary>Workers make the keys of new tenants and sign with every one that begins with the entry key's name.</summary>
    public static string WorkerRules(string key) => $$"""
        path "{{Mount}}/sign/{{key}}*" { capabilities = ["update"] }
        path "{{Mount}}/keys/{{key}}*" { capabilities = ["create", "read", "update"] }
        """;

    private async Task WritePolicyAsync(string name, string rules, CancellationToken ct) =>
        await SendAsync(HttpMethod.Post, $"sys/policies/acl/{name}", new JsonObject { ["policy"] = rules }, ct);

    private async Task<string> MakeTokenAsync(string policy, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Post, "auth/token/create",
            new JsonObject { ["policies"] = new JsonArray(policy), ["ttl"] = Days30, ["display_name"] = policy }, ct);
        return answer?["auth"]?["client_token"]?.GetValue<string>()
            ?? throw new SetupFailed($"Vault at {vault.Address} made no token for {policy}");
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(vault.Address, $"/v1/{path}"));
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Add("X-Vault-Token", vault.RootToken);
        try
        {
            using var answer = await http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if (!answer.IsSuccessStatusCode)
                throw new SetupFailed($"Vault at {vault.Address} answered {(int)answer.StatusCode} to {method} {path}: {text.Trim()}");
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        // A Vault that takes longer than the client waits shows as a cancellation that nobody asked for.
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException
            || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new SetupFailed($"cannot reach Vault at {vault.Address}: {e.Message}", e);
        }
    }
}
