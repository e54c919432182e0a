using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>A wire to PostgreSQL that is cut around a COMMIT: before it arrives, so that nothing persisted, or after it was carried out but
/// before anybody is told.</summary>
public sealed class CommitCutter : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly int serverPort;
    private readonly Task accepting;
    private int commitsUntilCut = -1;
    private bool afterItPersisted;

    /// <param name="connection">The direct way.</param>
    public CommitCutter(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        serverPort = settings.Port;
        listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        ConnectionString = settings.ConnectionString;
        accepting = AcceptAsync();
    }

    /// <summary>The way over this wire.</summary>
    public string ConnectionString { get; }

    /// <summary>Cuts at the given COMMIT from now, counted from 1, on whichever connection it comes.</summary>
    public void CutAt(int commit, bool afterItPersisted)
    {
        this.afterItPersisted = afterItPersisted;
        Volatile.Write(ref commitsUntilCut, commit);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true) wires.Add(RelayAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(wires);
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, serverPort, stopping.Token);
                var deaf = new TaskCompletionSource();
                var back = BackAsync(server.GetStream(), client.GetStream(), deaf.Task);
                await ForthAsync(client.GetStream(), server.GetStream(), deaf);
                server.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException) { }
        }
    }

    private async Task ForthAsync(NetworkStream client, NetworkStream server, TaskCompletionSource deaf)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await client.ReadAsync(buffer, stopping.Token)) > 0;)
        {
            var cut = buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref commitsUntilCut) == 0;
            if (cut && !afterItPersisted) throw new IOException("Cut before the COMMIT.");
            if (cut) deaf.SetResult(); // the server's answer to what follows is not passed on
            await server.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
            if (cut) return;
        }
    }

    // Ends when the server has nothing more to say: after a cut, when it has done the COMMIT and seen that nobody listens.
    private async Task BackAsync(NetworkStream server, NetworkStream client, Task deaf)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await server.ReadAsync(buffer, stopping.Token)) > 0;)
        {
            if (deaf.IsCompleted) continue;
            await client.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }
}
