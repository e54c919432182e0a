using System.Net;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>A log's public tiles over HTTP: the one place in the program that uses the network.</summary>
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

    public LogFolder Folder { get; }

    public void Dispose() => _client.Dispose();

    private Stream? Open(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, path));
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
