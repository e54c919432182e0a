using System.Diagnostics;
using System.Net.Http.Headers;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ledger.Core.Anchoring;

/// <summary>One request, and the statuses that answer it.</summary>
/// <param name="Path">Below the server's base address.</param>
/// <param name="Answers">Every other status is a failure.</param>
internal sealed record LogCall(HttpMethod Method, string Path, int MostBytes, params int[] Answers)
{
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string Accept { get; init; } = "application/json";

    public static LogCall Get(string path, int mostBytes, params int[] answers) => new(HttpMethod.Get, path, mostBytes, answers);

    public static LogCall Post(string path, byte[] body, int mostBytes, params int[] answers) =>
        new(HttpMethod.Post, path, mostBytes, answers) { Body = body };
}

/// <summary>An expected answer. Its content type is not looked at: what the bytes are shows when they are read.</summary>
internal sealed record LogAnswer(int Status, byte[] Body, string? Location, string? LogIndex, DateTimeOffset? Date);

/// <summary>The HTTP of one server, with the bounds of <see cref="LogResilience"/>. Whatever goes wrong becomes a
/// <see cref="LogException"/>.</summary>
internal sealed class LogHttp
{
    private static readonly TimeSpan GlancePatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;
    private readonly ResiliencePipeline pipeline;
    private readonly TimeProvider time;
    private readonly ServerMetrics? metrics;

    public LogHttp(HttpClient http, Uri address, TimeProvider time, ServerMetrics? metrics = null)
    {
        (this.http, this.time, this.metrics) = (http, time, metrics);
        pipeline = LogResilience.Create(time, metrics?.Circuit);
        http.BaseAddress = address;
        http.Timeout = Timeout.InfiniteTimeSpan; // the pipeline times out
        http.DefaultRequestHeaders.UserAgent.ParseAdd("ledger");
    }

    private string Server => http.BaseAddress!.Authority;

    /// <summary>Connections are renewed, or a server that moved would never be found again. A redirect is not followed: it would turn a
    /// submission into a read, and lead to an address that nobody configured. These servers are strangers: they are not told of our
    /// traces, and not of the baggage that a caller sent along.</summary>
    public static HttpMessageHandler Handler() => new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };

    /// <exception cref="LogException">No answer of the expected ones.</exception>
    public Task<LogAnswer> AskAsync(LogCall call, CancellationToken cancel) =>
        metrics?.RunAsync(() => AskUntilAsync(call, cancel), LogOperation.Of(call.Method, call.Path), cancel)
            ?? AskUntilAsync(call, cancel);

    private async Task<LogAnswer> AskUntilAsync(LogCall call, CancellationToken cancel)
    {
        Exception? made = null; // how the last request that did go out ended
        try
        {
            return await pipeline.ExecuteAsync(async token =>
            {
                try { return await OnceAsync(call, token); }
                catch (Exception e)
                {
                    made = e;
                    throw;
                }
            }, cancel);
        }
        // The breaker may open between two tries of one call: what it says then hides what happened.
        catch (BrokenCircuitException e) when (made is null)
        {
            throw Unanswered(call, "not asked, it failed a moment ago", e, e.RetryAfter);
        }
        catch (TimeoutRejectedException e)
        {
            throw Unanswered(call, $"no answer in {LogResilience.Total.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is BrokenCircuitException or LogRefusal or HttpRequestException or IOException
                                  || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Failed(call, e is BrokenCircuitException ? made! : e);
        }
    }

    /// <summary>Asks once, for five seconds at most, past the breaker: whether it answers now.</summary>
    public async Task<bool> AnswersAsync(LogCall call, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(GlancePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            await OnceAsync(call, either.Token);
            return true;
        }
        catch (Exception e) when (e is LogRefusal or LogException or HttpRequestException or IOException
                                  || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<LogAnswer> OnceAsync(LogCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        request.Headers.Accept.ParseAdd(call.Accept);
        if (call.Body is not null)
            request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue(call.ContentType) } };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var status = (int)response.StatusCode;
        if (!call.Answers.Contains(status)) throw await RefusalAsync(response, cancel);
        var body = await ReadAsync(response, call.MostBytes, cancel) ?? throw new LogException(LogFailureClass.Log,
            $"{Server}: {call.Method} /{call.Path}: an answer of more than {call.MostBytes} bytes");
        return new LogAnswer(status, body, response.Headers.Location?.OriginalString,
            response.Headers.TryGetValues("X-Log-Index", out var index) ? index.First() : null, response.Headers.Date);
    }

    // What a refusal says is only for people: when it cannot be read, its status is still an answer.
    private async Task<LogRefusal> RefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var pause = LogRefusal.Pause(response.Headers.RetryAfter, time.GetUtcNow());
        byte[]? body = null;
        try { body = await ReadAsync(response, LogLimits.RefusalBytes, cancel); }
        catch (Exception e) when (e is HttpRequestException or IOException) { }
        return new LogRefusal((int)response.StatusCode, LogRefusal.Reason(body), pause);
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > most) return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > most) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private LogException Failed(LogCall call, Exception e) => e is LogRefusal refusal
        ? new LogException(refusal.Class, $"{Server}: {call.Method} /{call.Path}: {refusal.Message}", null, refusal.RetryAfter, refusal)
        : Unanswered(call, LogRefusal.Line(e.Message), e);

    private LogException Unanswered(LogCall call, string why, Exception e, TimeSpan? retryAfter = null) =>
        new(LogFailureClass.Network, $"{Server}: {call.Method} /{call.Path}: {why}", null, retryAfter, e);
}
