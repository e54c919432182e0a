using System.Net;
using System.Net.Http.Headers;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>A log over HTTP, the ledger's or a transparency log: the one place in the program that uses the network.</summary>
internal sealed class HttpLog : IDisposable
{
    // A server that asks for patience (429, or 503 with a time) gets it: a whole log is read faster than most let one address read.
    private const int MostWaits = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly HttpClient _client;
    private readonly Uri _base;
    private readonly TimeProvider _time;

    public HttpLog(Uri address, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _base = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
        // A redirect would quietly read another log than the one that was named.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All })
        {
            // Both hold for the whole answer, unpacked: a server that sends slowly, or without end, is given up.
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = Limits.EntryBundleBytes,
        };
        Folder = new LogFolder(Open);
    }

    /// <summary>What was dialled, for messages.</summary>
    public string Address => _base.AbsoluteUri.TrimEnd('/');

    public LogFolder Folder { get; }

    /// <summary>The answer to a JSON request.</summary>
    /// <exception cref="IOException">Anything but a 200.</exception>
    public byte[] Post(string path, byte[] json)
    {
        using var answer = Ask(Request) ?? throw Unreadable(path);
        return new LogFolder(_ => answer).Read(path, Limits.SigstoreBundleBytes)!;

        HttpRequestMessage Request() => new(HttpMethod.Post, new Uri(_base, path))
        {
            Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
    }

    /// <summary>An answer that is not what was asked for.</summary>
    public IOException Unreadable(string path) => new($"{new Uri(_base, path)}: not there, or not what it should be");

    public void Dispose() => _client.Dispose();

    private Stream? Open(string path) => Ask(() => new HttpRequestMessage(HttpMethod.Get, new Uri(_base, path)));

    private Stream? Ask(Func<HttpRequestMessage> make)
    {
        for (var waits = 0; ; waits++)
        {
            using var request = make();
            var answer = Send(request, waits < MostWaits, out var pause);
            if (pause is null) return answer;
            Task.Delay(pause.Value, _time).GetAwaiter().GetResult();
        }
    }

    /// <param name="request">Of one sending.</param>
    /// <param name="mayWait">Whether to be told how long to wait, rather than that the answer is no 200.</param>
    /// <param name="pause">How long to wait before asking again; null where there is an answer, or nothing there.</param>
    private Stream? Send(HttpRequestMessage request, bool mayWait, out TimeSpan? pause)
    {
        pause = null;
        request.Headers.Accept.ParseAdd("application/json, */*;q=0.5");
        try
        {
            var response = _client.Send(request, HttpCompletionOption.ResponseContentRead);
            if (response.StatusCode == HttpStatusCode.OK) return response.Content.ReadAsStream();
            using (response)
            {
                if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return null;
                pause = mayWait ? Pause(response) : null;
                return pause is not null ? null
                    : throw new IOException($"{request.RequestUri}: {(int)response.StatusCode} {response.ReasonPhrase}");
            }
        }
        // An answer that does not unpack is InvalidDataException, which is no IOException.
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidDataException)
        {
            throw new IOException($"{request.RequestUri}: {e.Message}", e);
        }
    }

    private TimeSpan? Pause(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;
        if (asked is null && response.StatusCode == HttpStatusCode.TooManyRequests) asked = TimeSpan.FromSeconds(1);
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || asked is null) return null;
        return asked > LongestWait ? LongestWait : asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }
}
