using System.Globalization;
using System.Text;
using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>
/// One connection. https://www.rfc-editor.org/rfc/rfc5321
/// <code>
/// S: 220 localhost        C: EHLO me                      S: 250-localhost …
/// C: MAIL FROM:&lt;a@b.example&gt;  S: 250 OK    C: RCPT TO:&lt;c@d.example&gt;  S: 250 OK
/// C: DATA                 S: 354 …    C: (message) CRLF . CRLF    S: 250 OK
/// </code>
/// </summary>
internal sealed class SmtpSession(Stream stream, FaultSwitch faults, TimeProvider time, Action<Envelope, byte[]> keep)
{
    private const int LongestCommand = 2000, LongestLine = 64 * 1024, LargestMessage = 10 * 1024 * 1024, MostRecipients = 100;

    private readonly SmtpLines lines = new(stream);
    private bool greeted;
    private Envelope? envelope;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await FaultAsync("CONNECT", cancellationToken).ConfigureAwait(false))
            await SayAsync("220 localhost ESMTP", cancellationToken).ConfigureAwait(false);
        try
        {
            while (await lines.ReadAsync(LongestCommand, cancellationToken).ConfigureAwait(false) is { } line)
            {
                var (verb, argument) = Encoding.UTF8.GetString(line).Split(' ', 2) is [var first, var rest] ? (first, rest)
                    : (Encoding.UTF8.GetString(line), "");
                verb = verb.ToUpperInvariant();
                if (await FaultAsync(verb, cancellationToken).ConfigureAwait(false))
                    continue;
                if (verb == "DATA" && envelope is { To.Count: > 0 })
                {
                    await DataAsync(envelope, cancellationToken).ConfigureAwait(false);
                    continue;
                }
                await SayAsync(Answer(verb, argument), cancellationToken).ConfigureAwait(false);
                if (verb == "QUIT")
                    return;
            }
        }
        catch (FormatException e)
        {
            await SayAsync($"521 {e.Message}", cancellationToken).ConfigureAwait(false);
        }
        catch (Dropped)
        {
        }
    }

    private string Answer(string verb, string argument)
    {
        switch (verb)
        {
            case "EHLO" or "HELO" when argument.Trim().Length == 0:
                return "501 who is there?";
            case "EHLO":
                (greeted, envelope) = (true, null);
                return $"250-localhost\r\n250-SIZE {LargestMessage}\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8";
            case "HELO":
                (greeted, envelope) = (true, null);
                return "250 localhost";
            case "MAIL" when !greeted || envelope is not null:
            case "RCPT" when envelope is null:
            case "DATA":
                return "503 not now";
            case "MAIL":
                return From(argument);
            case "RCPT":
                return To(argument);
            case "RSET":
                envelope = null;
                return "250 OK";
            case "NOOP":
                return "250 OK";
            case "VRFY":
                return "252 send some mail";
            case "QUIT":
                return "221 bye";
            default:
                return "500 what?";
        }
    }

    private string From(string argument)
    {
        if (Envelope.Parse(argument, "FROM") is not { } from)
            return "501 MAIL FROM:<address>";
        foreach (var parameter in from.Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var n, var v] ? (n.ToUpperInvariant(), v) : (parameter.ToUpperInvariant(), "");
            if (name == "SIZE" && long.TryParse(value, CultureInfo.InvariantCulture, out var size) && size > LargestMessage)
                return "552 too large";
            if (name is not ("SIZE" or "BODY" or "SMTPUTF8"))
                return "555 not known here";
        }
        envelope = new Envelope(from.Address);
        return "250 OK";
    }

    private string To(string argument)
    {
        if (Envelope.Parse(argument, "TO") is not { Parameters: "" } to)
            return "501 RCPT TO:<address>";
        if (envelope!.To.Count == MostRecipients)
            return "452 too many recipients";
        envelope.To.Add(to.Address);
        return "250 OK";
    }

    private async Task DataAsync(Envelope mail, CancellationToken cancellationToken)
    {
        envelope = null;
        await SayAsync("354 end with a dot on a line of its own", cancellationToken).ConfigureAwait(false);
        using var message = new MemoryStream();
        while (true)
        {
            var line = await lines.ReadAsync(LongestLine, cancellationToken).ConfigureAwait(false) ?? throw new Dropped();
            if (line is [(byte)'.'])
                break;
            if (message.Length > LargestMessage)
                continue; // read to its end, or the client would not hear the answer
            message.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            message.Write("\r\n"u8);
        }
        if (message.Length > LargestMessage)
        {
            await SayAsync("552 too large", cancellationToken).ConfigureAwait(false);
            return;
        }
        if (await FaultAsync(".", cancellationToken, () => keep(mail, message.ToArray())).ConfigureAwait(false))
            return;
        keep(mail, message.ToArray());
        await SayAsync("250 OK", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Acts out the fault that hits this point, if any; true when it has answered in place of the session.</summary>
    private async Task<bool> FaultAsync(string point, CancellationToken cancellationToken, Action? work = null)
    {
        var fault = faults.Take(point);
        if (fault?.Mode == FaultMode.Drop || fault is { AfterWork: true })
            work?.Invoke();
        switch (fault?.Mode)
        {
            case FaultMode.Down or FaultMode.Drop:
                throw new Dropped();
            case FaultMode.ServerError:
                await SayAsync($"{fault.Status} emulated failure", cancellationToken).ConfigureAwait(false);
                return true;
            case FaultMode.TooManyRequests:
                await SayAsync("421 too many", cancellationToken).ConfigureAwait(false);
                throw new Dropped();
            case FaultMode.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
                return true;
            case FaultMode.Slow:
                await Task.Delay(fault.Delay, time, cancellationToken).ConfigureAwait(false);
                return false;
            default:
                return false;
        }
    }

    private async Task SayAsync(string answer, CancellationToken cancellationToken)
        => await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), cancellationToken).ConfigureAwait(false);

    /// <summary>The connection ends here, without a word.</summary>
    private sealed class Dropped : IOException;
}
