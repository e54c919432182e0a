using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>A wire to PostgreSQL that can break around a COMMIT: before it arrives, or after it is done and before its answer
/// arrives.</summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly int serverPort;
    private readonly Task accepting;
    private int cut; // 0 no, 1 before, 2 after

    private CommitCutter(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <param name="connection">The direct way; <paramref name="cutter"/> is the wire in between, the result the way over it.</param>
    public static string Between(string connection, out CommitCutter cutter)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        cutter = new CommitCutter(settings.Port);
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)cutter.listener.LocalEndpoint).Port;
        return settings.ConnectionString;
    }

    public void CutBeforeNextCommit() => Volatile.Write(ref cut, 1);

    public void CutAfterNextCommit() => Volatile.Write(ref cut, 2);

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
            var how = buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0 ? Interlocked.Exchange(ref cut, 0) : 0;
            if (how == 1) throw new IOException("Cut before the COMMIT.");
            if (how == 2) deaf.SetResult(); // the server's answer to what follows is not passed on
            await server.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
            if (how == 2) return;
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
