using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A way to PostgreSQL that is cut at a COMMIT: before it arrives, so that nothing persisted, or after it was carried out but before anybody is told.</summary>
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
            var answers = far.CopyToAsync(near, stopping.Token);
            try { await ForwardAsync(near, far); }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
            if (!afterItPersisted) return;
            // What was carried out is awaited on the server's side: it closes when it has done all it was sent.
            upstream.Client.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task ForwardAsync(NetworkStream near, NetworkStream far)
    {
        var buffer = new byte[64 * 1024];
        while (await near.ReadAsync(buffer, stopping.Token) is > 0 and var length)
        {
            var isCut = buffer.AsSpan(0, length).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref commitsUntilCut) == 0;
            if (isCut && !afterItPersisted) return;
            if (isCut)
            {
                // The answer must not get through: cut our side first, then let the server work.
                near.Socket.Close(0);
            }
            await far.WriteAsync(buffer.AsMemory(0, length), stopping.Token);
            if (isCut)
            {
                far.Socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(TimeSpan.FromMilliseconds(50), stopping.Token);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        stopping.Dispose();
    }
}
