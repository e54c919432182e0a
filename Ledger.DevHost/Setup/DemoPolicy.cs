using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Ledger.DevHost.Setup;

/// <summary>
/// Tenant `demo` is anchored two seconds after an entry, not a minute, so that a developer sees the whole way at once. Set through the API
/// at the first start of a state folder; from then on the policy is the developer's.
/// </summary>
internal sealed class DemoPolicy(HttpClient http, Uri api, string adminToken)
{
    private const int Entries = 1000, Seconds = 2;

    public async Task SetAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(api, "/api/v1/policy"))
        {
            Content = JsonContent.Create(new { anchor = "checkpoint", entries = Entries, seconds = Seconds, fail = "open" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode)
            throw new SetupFailed($"the API answered {(int)answer.StatusCode} to PUT /api/v1/policy: {text}");
    }
}
