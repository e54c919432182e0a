using System.Net.Sockets;
using System.Text;
using Ledger.DevHost.Emulators.Smtp;

namespace Ledger.DevHost.Tests.Emulators.Smtp;

/// <summary>A conversation with the sink, line by line.</summary>
internal sealed class SmtpClientSide : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();
    private StreamReader? _reader;

    public static async Task<SmtpClientSide> ConnectAsync(SmtpSink sink)
    {
        var side = new SmtpClientSide();
        await side._client.ConnectAsync(sink.Host, sink.Port);
        side._reader = new StreamReader(side._client.GetStream(), Encoding.ASCII);
        return side;
    }

    /// <summary>Greeted, and with a mail's envelope given.</summary>
    public static async Task<SmtpClientSide> ReadyForDataAsync(SmtpSink sink)
    {
        var side = await ConnectAsync(sink);
        await side.AnswerAsync();
        Assert.EndsWith("250 SMTPUTF8", await side.SayAsync("EHLO me.example"), StringComparison.Ordinal);
        Assert.Equal("250 OK", await side.SayAsync("MAIL FROM:<from@a.example>"));
        Assert.Equal("250 OK", await side.SayAsync("RCPT TO:<to@b.example>"));
        return side;
    }

    public async Task<string> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await AnswerAsync() ?? "(closed)";
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The last line of an answer, after its continuation lines; null where the connection was closed.</summary>
    public async Task<string?> AnswerAsync()
    {
        while (await _reader!.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line is not [_, _, _, '-', ..])
                return line;
        }
        return null;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _client.Dispose();
    }
}
