using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Core.Identity;

/// <summary>A realm's answers as JSON objects. What is no such answer is a <see cref="RealmRefusal"/> that says in one line what came
/// instead.</summary>
public sealed class RealmVoice(HttpClient http)
{
    private DateTimeOffset? _date;

    public Task<JsonObject> GetAsync(Uri address, CancellationToken cancel) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, address), cancel);

    /// <summary>How far the server's clock was ahead of <paramref name="now"/> in the last answer, by its Date header; null where it has
    /// none. Whole seconds, signed by nobody.</summary>
    public TimeSpan? SkewAt(DateTimeOffset now) => _date is { } theirs ? theirs - now : null;

    /// <summary>The keys of a JWKS, by the rules that the API takes them by.</summary>
    public async Task<IssuerKeySet> KeysAsync(Uri address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode) throw new RealmRefusal($"{(int)answer.StatusCode} at {address.AbsolutePath}");
        try
        {
            return IssuerKeySet.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (JsonException e)
        {
            throw new RealmRefusal($"{(int)answer.StatusCode}, but no JSON object", e);
        }
        catch (InvalidDataException e)
        {
            throw new RealmRefusal(e.Message, e);
        }
    }

    /// <summary>GET with a token; only whether it is allowed counts.</summary>
    public async Task AllowedAsync(Uri address, string token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode) throw new RealmRefusal($"{(int)answer.StatusCode} at {address.AbsolutePath}");
    }

    /// <summary>An access token by client credentials. RFC 6749, section 4.4.</summary>
    public async Task<string> TokenAsync(Uri endpoint, string client, string secret, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret,
            }),
        };
        var answer = await AskAsync(request, cancel);
        return answer["access_token"]?.GetValue<string>() ?? throw new RealmRefusal("an answer without access_token");
    }

    private async Task<JsonObject> AskAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            using var answer = await SendAsync(request, cancel);
            var body = await answer.Content.ReadAsStringAsync(cancel);
            var json = Parse(body);
            if (!answer.IsSuccessStatusCode)
                throw new RealmRefusal($"{(int)answer.StatusCode} {json?["error"]}".TrimEnd()) { Status = (int)answer.StatusCode };
            return json ?? throw new RealmRefusal($"{(int)answer.StatusCode}, but no JSON object");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            var answer = await http.SendAsync(request, cancel);
            _date = answer.Headers.Date;
            return answer;
        }
        catch (HttpRequestException e)
        {
            throw new RealmRefusal($"no answer: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new RealmRefusal($"no answer within {http.Timeout.TotalSeconds:0} s", e);
        }
    }

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A realm did not answer as it should; the message is for the operator.</summary>
internal sealed class RealmRefusal(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>HTTP status of a refusal; null: there was no such answer.</summary>
    public int? Status { get; init; }
}
