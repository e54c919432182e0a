using System.Net.Http.Headers;
using Ledger.Core.Jobs;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ledger.Core.People;

/// <summary>An answer whose status was expected.</summary>
internal sealed record KeycloakAnswer(int Status, byte[] Body, Uri? Location);

/// <summary>One request to Keycloak and its bounded answer. Whatever goes wrong becomes a <see cref="KeycloakException"/>.</summary>
internal sealed class KeycloakHttp
{
    /// <summary>Bytes of an answer: 1 000 users with their attributes have a tenth of it.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HttpClient http;
    private readonly ResiliencePipeline pipeline;

    public KeycloakHttp(HttpClient http, Uri address, ResiliencePipeline pipeline)
    {
        (this.http, this.pipeline) = (http, pipeline);
        http.BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
        http.Timeout = Timeout.InfiniteTimeSpan; // the pipeline times out
        http.DefaultRequestHeaders.UserAgent.ParseAdd("ledger");
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    /// <summary>Connections are renewed, or a server that moved would never be found again. No redirect is followed with a token.</summary>
    public static HttpMessageHandler Handler() => new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = KeycloakResilience.Total,
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    /// <param name="path">Below the server's address, without a leading slash.</param>
    /// <param name="what">The operation, for messages.</param>
    /// <param name="expected">Statuses that are answers; every other one is a failure.</param>
    /// <exception cref="KeycloakException"/>
    public async Task<KeycloakAnswer> SendAsync(HttpMethod method, string path, string what, string? token, Func<HttpContent>? body,
        IReadOnlyList<int> expected, CancellationToken cancel)
    {
        try
        {
            return await pipeline.ExecuteAsync(async bounded => await OnceAsync(method, path, what, token, body, expected, bounded),
                cancel);
        }
        catch (BrokenCircuitException e)
        {
            throw new KeycloakException(JobErrorClass.Network, $"{what}: not asked, it failed a moment ago", null, e.RetryAfter, e);
        }
        catch (TimeoutRejectedException e)
        {
            throw new KeycloakException(JobErrorClass.Network, $"{what}: no answer in {KeycloakResilience.Total.TotalSeconds} s", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new KeycloakException(JobErrorClass.Network, $"{what}: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
    }

    private async Task<KeycloakAnswer> OnceAsync(HttpMethod method, string path, string what, string? token, Func<HttpContent>? body,
        IReadOnlyList<int> expected, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body?.Invoke() };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var status = (int)response.StatusCode;
        var answer = await ReadAsync(response, cancel);
        if (!expected.Contains(status) || KeycloakException.IsForeign(status, answer))
            throw KeycloakException.OfStatus(what, status, answer, response.Headers.RetryAfter?.Delta);
        return answer is null
            ? throw new KeycloakException(JobErrorClass.Config, $"{what}: an answer of more than {MostBytes} bytes", status)
            : new KeycloakAnswer(status, answer, response.Headers.Location);
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > MostBytes) return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > MostBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
