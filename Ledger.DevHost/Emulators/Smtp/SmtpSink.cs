using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>
/// A mail server (RFC 5321) that takes every mail and delivers none: each is a file `NNNN.eml` in its state folder, as it came, and one
/// `NNNN.txt`, as a person reads it; and one of <see cref="Mails"/>. It listens on 127.0.0.1 alone, without TLS or accounts.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<ReceivedMail> mails = [];
    private readonly HashSet<Task> sessions = [];
    private Task accepting = Task.CompletedTask;
    private int last;

    private SmtpSink(TcpListener listener, string folder, TimeProvider time)
        => (this.listener, this.folder, this.time) = (listener, folder, time);

    /// <summary>Where it listens; always this address.</summary>
    public string Host => "127.0.0.1";

    /// <summary>The TCP port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>
    /// How it is told to fail. A fault's path is the command it hits (`MAIL`, `RCPT`, `DATA`, …), `CONNECT` for the greeting, `.` for the
    /// end of a message; none: the next of any. `Down` closes the connection, `ServerError` answers <see cref="Fault.Status"/> (4xx: try
    /// again, 5xx: never), `Slow` and `Hang` keep the client waiting, `Drop` at `.` keeps the mail and closes without saying so.
    /// </summary>
    public FaultSwitch Faults { get; } = new();

    /// <summary>What was taken since the start, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails
    {
        get
        {
            lock (gate)
                return [.. mails];
        }
    }

    /// <summary>Starts listening. Mails of earlier runs stay in the folder, and numbers go on.</summary>
    public static Task<SmtpSink> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        StateFile.MakeDirectory(options.StateDirectory);
        var listener = new TcpListener(IPAddress.Loopback, options.Port);
        listener.Start();
        var sink = new SmtpSink(listener, options.StateDirectory, options.Time) { last = LastNumber(options.StateDirectory) };
        sink.accepting = sink.AcceptAsync();
        return Task.FromResult(sink);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        listener.Dispose();
        Task[] left;
        lock (gate)
            left = [accepting, .. sessions];
        await Task.WhenAll(left).ConfigureAwait(false);
        stopping.Dispose();
    }

    private static int LastNumber(string folder) => Directory.EnumerateFiles(folder, "*.eml")
        .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : 0)
        .DefaultIfEmpty().Max();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            var session = ServeAsync(client);
            lock (gate)
                sessions.Add(session);
            _ = session.ContinueWith(ended => { lock (gate) sessions.Remove(ended); }, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new SmtpSession(client.GetStream(), Faults, time, Keep).RunAsync(stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client went away, or the sink is stopping.
            }
        }
    }

    private void Keep(Envelope envelope, byte[] message)
    {
        var mail = new ReceivedMail(
            envelope.From, [.. envelope.To], MailText.Subject(message), MailText.Body(message), Encoding.UTF8.GetString(message));
        lock (gate)
        {
            var name = (last + 1).ToString("0000", CultureInfo.InvariantCulture);
            Write($"{name}.eml", message);
            Write($"{name}.txt", Encoding.UTF8.GetBytes(
                $"From: {mail.From}\nTo: {string.Join(", ", mail.To)}\nSubject: {mail.Subject}\n\n"
                + $"{mail.Body.ReplaceLineEndings("\n").TrimEnd('\n')}\n"));
            last++;
            mails.Add(mail);
        }
    }

    private void Write(string name, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(folder, name);
        // Written beside and renamed: who looks while a mail comes in sees it whole or not at all.
        using (var stream = new FileStream($"{path}.part", options))
            stream.Write(content);
        File.Move($"{path}.part", path, overwrite: true);
    }
}
