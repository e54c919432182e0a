using System.Net;
using System.Net.Sockets;

namespace Ledger.Verify.Tests.Cli;

/// <summary>An HTTP server on loopback that answers what a function says; 404 where that is null.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <param name="answer">Method and path with query, the request's body; answers a body, or null for a 404.</param>
    public LoopbackSite(Func<string, string, byte[]?> answer)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>Method and path of every request, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>How many of the next requests are put off, with 429 and <see cref="RetryAfter"/>, before they are looked at.</summary>
    public int PutOff { get; set; }

    public string? RetryAfter { get; set; } = "7";

    public async ValueTask DisposeAsync()
    {
        _listener.Close(); // not stopped before: closing what is stopped takes the port once more, which may be another's by then
        await _serving;
    }

    private async Task ServeAsync(Func<string, string, byte[]?> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            using var response = context.Response;
            // This listener hangs up on a kept connection now and then, and a POST is not sent twice.
            response.KeepAlive = false;
            using var reader = new StreamReader(context.Request.InputStream);
            var what = $"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery}";
            Requests.Add(what);
            if (PutOff > 0)
            {
                PutOff--;
                response.StatusCode = 429;
                if (RetryAfter is not null) response.Headers["Retry-After"] = RetryAfter;
            }
            else if (answer(what, await reader.ReadToEndAsync()) is { } body) await response.OutputStream.WriteAsync(body);
            else response.StatusCode = 404;
        }
    }
}
