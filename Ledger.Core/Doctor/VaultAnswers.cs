using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Core.Signing;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>What a token may live and do, in the token's own words.</summary>
/// <param name="Ttl">Null: it never expires.</param>
/// <param name="IsPeriodic">Whoever holds it renews it again and again: a short life is meant.</param>
public sealed record VaultToken(TimeSpan? Ttl, bool IsPeriodic);

/// <summary>Vault, asked about itself and not to sign. https://developer.hashicorp.com/vault/api-docs/system/health and
/// …/auth/token#lookup-a-token-self, …/system/capabilities-self</summary>
public sealed class VaultAnswers(HttpClient http, IOptions<VaultOptions> options)
{
    private readonly string address = options.Value.Address!.AbsoluteUri.TrimEnd('/');

    /// <summary>Without user information, for lines that people read.</summary>
    public string Address => options.Value.Address!.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>The status of sys/health: 200, 429 standby, 472 and 473 replicas, 501 not initialised, 503 sealed.</summary>
    public async Task<int> HealthAsync(CancellationToken cancel)
    {
        using var answer = await http.GetAsync(new Uri($"{address}/v1/sys/health"), cancel);
        return (int)answer.StatusCode;
    }

    /// <summary>Null where Vault knows no such token, or has let it expire.</summary>
    /// <remarks>Raw: <c>{"data":{"ttl":2591990,"expire_time":"2026-12-22T…","period":3600,…}}</c>
    /// </remarks>
    public async Task<VaultToken?> TokenAsync(CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, "auth/token/lookup-self", null);
        using var answer = await http.SendAsync(request, cancel);
        if ((int)answer.StatusCode == 403) return null;
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        var data = json.RootElement.GetProperty("data");
        return new VaultToken(
            data.TryGetProperty("expire_time", out var end) && end.ValueKind == JsonValueKind.String
                && data.TryGetProperty("ttl", out var ttl) ? TimeSpan.FromSeconds(ttl.GetInt64()) : null,
            data.TryGetProperty("period", out var period) && period.ValueKind == JsonValueKind.Number && period.GetInt64() > 0);
    }

    /// <summary>Those of the paths (below the transit mount) that the token lacks the capability for; null where it may not even
    /// ask.</summary>
    /// <remarks>Raw: <c>{"transit/sign/ledger-ed25519":["update"],…,"data":{…the same…}}</c></remarks>
    public async Task<IReadOnlyList<string>?> LackingAsync(IReadOnlyList<(string Path, string Capability)> wanted, CancellationToken cancel)
    {
        var mount = options.Value.Mount.Trim('/');
        var paths = wanted.Select(one => $"{mount}/{one.Path}").ToList();
        using var request = Request(HttpMethod.Post, "sys/capabilities-self", new { paths });
        using var answer = await http.SendAsync(request, cancel);
        if ((int)answer.StatusCode == 403) return null;
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        var told = json.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? data
            : json.RootElement;
        return [.. paths.Where((path, i) => !Has(told, path, wanted[i].Capability)).Select((path, _) => path)];
    }

    private static bool Has(JsonElement told, string path, string capability) =>
        told.TryGetProperty(path, out var list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().Any(one => one.GetString() is { } has && (has == capability || has == "root"));

    private HttpRequestMessage Request(HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, string.Create(CultureInfo.InvariantCulture, $"{address}/v1/{path}"));
        request.Headers.Add("X-Vault-Request", "true");
        request.Headers.Add("X-Vault-Token", options.Value.Token);
        if (body is not null) request.Content = JsonContent.Create(body);
        return request;
    }
}
