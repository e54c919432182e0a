using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Exports;

/// <summary>
/// `DIR/trust.json`: what the API says of both tenants' logs, in one file. Each answer is a trust file of its own,
/// <code>{"version":1,"logs":[…],"policy":{"anchors":1,"timestamps":0}}</code>
/// and the logs of all of them make the file; everything else is the first one's.
/// </summary>
internal sealed class TrustFile(HttpClient http, Uri api)
{
    /// <summary>It is read by people and never lies in a web page: `+` stays `+`.</summary>
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Also what cosign asks for: the trusted root alone, and the first tenant's anchor key (that of its newest epoch).</summary>
    public async Task WriteAsync(StateFolder state, IReadOnlyList<(string Tenant, string Token)> tenants, CancellationToken ct)
    {
        var answers = new List<JsonObject>();
        foreach (var (tenant, token) in tenants)
            answers.Add(await ReadAsync(tenant, token, ct));
        var merged = Merge(answers);
        PrivateFile.Write(state.Trust, merged.ToJsonString(Readable) + "\n");
        if (merged["trusted_root"] is { } root)
            PrivateFile.Write(state.TrustedRoot, root.ToJsonString(Readable) + "\n");
        var log = answers[0]["logs"]!.AsArray().LastOrDefault();
        if (log?["anchor_keys"] is JsonArray { Count: > 0 } keys)
            PrivateFile.Write(state.AnchorKey, keys[^1]!.GetValue<string>());
    }

    public static JsonObject Merge(IReadOnlyList<JsonObject> answers)
    {
        var merged = answers[0].DeepClone().AsObject();
        var logs = answers.SelectMany(static answer => answer["logs"]!.AsArray());
        merged["logs"] = new JsonArray([.. logs.Select(static log => log!.DeepClone())]);
        return merged;
    }

    private async Task<JsonObject> ReadAsync(string tenant, string token, CancellationToken ct)
    {
        var address = new Uri(api, $"/log/{tenant}/keys");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new SetupFailed($"the API answered {(int)answer.StatusCode} to GET {address}: {text}");
        return JsonNode.Parse(text) is JsonObject trust && trust["logs"] is JsonArray
            ? trust
            : throw new SetupFailed($"GET {address} is not a trust file: {text}");
    }
}
