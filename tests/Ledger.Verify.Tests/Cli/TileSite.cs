using System.Net;
using System.Net.Sockets;

namespace Ledger.Verify.Tests.Cli;

/// <summary>A log's files on loopback under /log/demo/; 503 everywhere else.</summary>
internal sealed class TileSite : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public TileSite(IReadOnlyDictionary<string, byte[]> files)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync(files);
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close(); // not stopped before: closing what is stopped takes the port once more, which may be another's by then
        await _serving;
    }

    /// <summary>More than any file of a log may have, and no length before it: only a reader that counts stops.</summary>
    private static async Task SendTooMuchAsync(Stream stream)
    {
        try
        {
            var block = new byte[1 << 20];
            for (var sent = 0L; sent < 4L * Limits.EntryBundleBytes; sent += block.Length) await stream.WriteAsync(block);
        }
        catch (Exception e) when (e is IOException or HttpListenerException or ObjectDisposedException)
        {
            // The reader hung up, as it should.
        }
    }

    private async Task ServeAsync(IReadOnlyDictionary<string, byte[]> files)
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
                // Stopped: while it waited, or while the answer before was still being sent.
                return;
            }

            const string Prefix = "/log/demo/";
            var path = context.Request.Url!.AbsolutePath;
            using var response = context.Response;
            if (path.StartsWith("/packed/", StringComparison.Ordinal))
            {
                response.AddHeader("Content-Encoding", "gzip");
                await response.OutputStream.WriteAsync("not packed"u8.ToArray());
            }
            else if (path.StartsWith("/endless/", StringComparison.Ordinal))
            {
                await SendTooMuchAsync(response.OutputStream);
            }
            else if (!path.StartsWith(Prefix, StringComparison.Ordinal)) response.StatusCode = 503;
            else if (files.TryGetValue(path[Prefix.Length..], out var file)) await response.OutputStream.WriteAsync(file);
            else response.StatusCode = 404;
        }
    }
}
