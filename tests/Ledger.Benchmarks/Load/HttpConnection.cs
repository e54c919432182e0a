using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Benchmarks.Load;

/// <summary>One keep-alive HTTP/1.1 connection that costs next to nothing, so that the client does not measure itself.</summary>
internal sealed class HttpConnection(Uri address) : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[64 * 1024];

    public Task OpenAsync() => socket.ConnectAsync(address.Host == "localhost" ? "127.0.0.1" : address.Host, address.Port);

    /// <summary>The bytes of a POST of JSON.</summary>
    public static byte[] Post(Uri address, string path, string? token, string body) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{Authorization(token)}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static byte[] Get(Uri address, string path, string? token) =>
        Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{Authorization(token)}\r\n");

    private static string Authorization(string? token) => token is null ? "" : $"Authorization: Bearer {token}\r\n";

    /// <summary>Sends a request, reads its whole answer and returns the status and the body.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var (have, headEnd) = (0, -1);
        while (headEnd < 0)
        {
            have += await ReadAsync(have);
            headEnd = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }
        var head = Encoding.ASCII.GetString(buffer, 0, headEnd);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var start = headEnd + 4;
        if (Header(head, "content-length") is { } length)
        {
            var end = start + int.Parse(length, CultureInfo.InvariantCulture);
            while (have < end) have += await ReadAsync(have);
            return (status, buffer.AsMemory(start, end - start));
        }
        if (Header(head, "transfer-encoding") is null) return (status, default);
        while (!buffer.AsSpan(start, have - start).EndsWith("0\r\n\r\n"u8)) have += await ReadAsync(have);
        return (status, buffer.AsMemory(start, have - start)); // chunked, as it came: nobody here reads it
    }

    private async Task<int> ReadAsync(int have)
    {
        if (have == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await socket.ReceiveAsync(buffer.AsMemory(have));
        return read > 0 ? read : throw new IOException("The server closed the connection.");
    }

    private static string? Header(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var from = at + name.Length + 3;
        var end = head.IndexOf('\r', from);
        return (end < 0 ? head[from..] : head[from..end]).Trim();
    }

    public void Dispose() => socket.Dispose();
}
