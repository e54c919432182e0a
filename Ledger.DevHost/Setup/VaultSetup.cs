using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Setup;

/// <summary>
/// What an operator does once on a Vault for a ledger, through its HTTP API, so that a real one and the emulator are treated alike.
/// </summary>
internal sealed class VaultSetup(HttpClient http, VaultAccess vault)
{
    public const string EntryPolicy = "ledger-entry", WorkerPolicy = "ledger-worker";

    private const string Mount = "transit", Days30 = "720h";

    /// <summary>Mounts transit, writes both policies, makes both tokens: with the ids given, if there are any, and then once.</summary>
    /// <exception cref="SetupFailed">Vault cannot be reached or refuses; the message carries its errors.</exception>
    public async Task<VaultAccess> RunAsync(CancellationToken ct)
    {
        if ((await SendAsync(HttpMethod.Get, "sys/mounts", null, ct))?[Mount + "/"] is null)
            await SendAsync(HttpMethod.Post, $"sys/mounts/{Mount}", new JsonObject { ["type"] = "transit" }, ct);
        await WritePolicyAsync(EntryPolicy, EntryRules(vault.TransitKey), ct);
        await WritePolicyAsync(WorkerPolicy, WorkerRules(vault.TransitKey), ct);
        return vault with
        {
            EntryToken = await EnsureTokenAsync(EntryPolicy, vault.EntryToken, ct),
            WorkerToken = await EnsureTokenAsync(WorkerPolicy, vault.WorkerToken, ct),
        };
    }

    /// <summary>Null: it is initialised, unsealed and answers. Else why it cannot be set up yet.</summary>
    public async Task<string?> WhyNotYetAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(vault.Address, "/v1/sys/health?standbyok=true"), ct);
            return answer.IsSuccessStatusCode ? null : (int)answer.StatusCode switch
            {
                501 => "it is not initialised",
                503 => "it is sealed",
                var other => $"it answers {other} to GET sys/health",
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return e.Message;
        }
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

    /// <summary>A token that is there already is renewed and kept, so that programs that have it go on.</summary>
    private async Task<string> EnsureTokenAsync(string policy, string? id, CancellationToken ct)
    {
        var known = id is null
            ? null
            : await SendAsync(HttpMethod.Post, "auth/token/lookup", new JsonObject { ["token"] = id }, ct, "bad token");
        if (known?["data"] is not { } token)
            return await MakeTokenAsync(policy, id, ct);
        var policies = token["policies"]!.AsArray().Select(static one => one!.GetValue<string>()).Except(["default"]).ToList();
        if (policies is not [var only] || only != policy)
            throw new SetupFailed($"Vault at {vault.Address} has a token of the id that {policy}'s is to have already, with "
                + $"{(policies.Count == 0 ? "no policy" : string.Join(", ", policies))}: choose another id");
        if (token["renewable"]?.GetValue<bool>() is true)
            await SendAsync(HttpMethod.Post, "auth/token/renew", new JsonObject { ["token"] = id, ["increment"] = Days30 }, ct);
        return id!;
    }

    private async Task<string> MakeTokenAsync(string policy, string? id, CancellationToken ct)
    {
        var wanted = new JsonObject { ["policies"] = new JsonArray(policy), ["ttl"] = Days30, ["display_name"] = policy };
        if (id is not null)
            wanted["id"] = id;
        var answer = await SendAsync(HttpMethod.Post, "auth/token/create", wanted, ct);
        return answer?["auth"]?["client_token"]?.GetValue<string>()
            ?? throw new SetupFailed($"Vault at {vault.Address} made no token for {policy}");
    }

    /// <param name="absent">The error by which Vault says that there is nothing of that kind: then null is answered.</param>
    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct, string? absent = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(vault.Address, $"/v1/{path}"));
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Add("X-Vault-Token", vault.RootToken);
        try
        {
            using var answer = await http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if (!answer.IsSuccessStatusCode && absent is not null && text.Contains(absent, StringComparison.Ordinal))
                return null;
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
