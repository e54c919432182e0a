using System.Net;
using System.Net.Http.Headers;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>A log over HTTP, the ledger's or a transparency log: the one place in the program that uses the network.</summary>
internal sealed class HttpLog : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _base;

    public HttpLog(Uri address)
    {
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
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, path)) { Content = content };
        using var answer = Send(request) ?? throw Unreadable(path);
        return new LogFolder(_ => answer).Read(path, Limits.SigstoreBundleBytes)!;
    }

    /// <summary>An answer that is not what was asked for.</summary>
    public IOException Unreadable(string path) => new($"{new Uri(_base, path)}: not there, or not what it should be");

    public void Dispose() => _client.Dispose();

    private Stream? Open(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, path));
        return Send(request);
    }

    private Stream? Send(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("application/json, */*;q=0.5");
        try
        {
            var response = _client.Send(request, HttpCompletionOption.ResponseContentRead);
            if (response.StatusCode == HttpStatusCode.OK) return response.Content.ReadAsStream();
            using (response)
            {
                return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone
                    ? null
                    : throw new IOException($"{request.RequestUri}: {(int)response.StatusCode} {response.ReasonPhrase}");
            }
        }
        // An answer that does not unpack is InvalidDataException, which is no IOException.
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidDataException)
        {
            throw new IOException($"{request.RequestUri}: {e.Message}", e);
        }
    }
}
