using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A way to PostgreSQL that is cut at a COMMIT: before it arrives, so that nothing persisted, or after it was carried out but
/// before anybody is told.</summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly string server;
    private readonly int serverPort;
    private int commitsUntilCut = -1;
    private bool afterItPersisted;

    public CommitCutter(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        (server, serverPort) = (settings.Host!, settings.Port);
        listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        ConnectionString = settings.ConnectionString;
        _ = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>Cuts at the given COMMIT from now, counted from 1.</summary>
    public void CutAt(int commit, bool afterItPersisted)
    {
        this.afterItPersisted = afterItPersisted;
        Volatile.Write(ref commitsUntilCut, commit);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var upstream = new TcpClient(server, serverPort))
        {
            var (near, far) = (client.GetStream(), upstream.GetStream());
            _ = AnswerAsync(far, near);
            try { await ForwardAsync(near, far); }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
        }
    }

    private async Task AnswerAsync(NetworkStream far, NetworkStream near)
    {
        try { await far.CopyToAsync(near, stopping.Token); }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
    }

    private async Task ForwardAsync(NetworkStream near, NetworkStream far)
    {
        var buffer = new byte[64 * 1024];
        while (await near.ReadAsync(buffer, stopping.Token) is > 0 and var length)
        {
            var isCut = buffer.AsSpan(0, length).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref commitsUntilCut) == 0;
            if (isCut && !afterItPersisted) return;
            // The answer must not get through: our side is cut first, then the server does what it was sent and closes at the end of it.
            if (isCut) near.Socket.Close(0);
            await far.WriteAsync(buffer.AsMemory(0, length), stopping.Token);
            if (!isCut) continue;
            far.Socket.Shutdown(SocketShutdown.Send);
            while (await far.ReadAsync(buffer, stopping.Token) > 0) { }
            return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        stopping.Dispose();
    }
}
