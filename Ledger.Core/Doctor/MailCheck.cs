using System.Net.Sockets;
using System.Text;
using Ledger.Core.Notifications;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>Whether the mail server greets us, and offers STARTTLS where it is asked for. No mail is sent, and nobody logs in.
/// https://www.rfc-editor.org/rfc/rfc5321#section-4.2</summary>
public sealed class MailCheck(IOptions<SmtpOptions> options) : IDoctorCheck
{
    private const int MostLines = 100;

    public string Name => "mail";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var smtp = options.Value;
        if (string.IsNullOrEmpty(smtp.Host)) return Verdict.Absent("no mail goes out from here (Smtp:Host)");
        var server = $"{smtp.Host}:{smtp.Port}";
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(smtp.Host, smtp.Port, cancel);
            using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(tcp.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            if (await AnswerAsync(reader, cancel) is var greeting && !greeting.StartsWith("220", StringComparison.Ordinal))
                return Verdict.Fail($"{server} does not greet as a mail server: {Code(greeting)}");
            await writer.WriteLineAsync("EHLO ledger.invalid".AsMemory(), cancel);
            var extensions = await AnswerAsync(reader, cancel);
            await writer.WriteLineAsync("QUIT".AsMemory(), cancel);
            if (!extensions.StartsWith("250", StringComparison.Ordinal))
                return Verdict.Fail($"{server} refuses EHLO: {Code(extensions)}");
            return smtp.StartTls && !extensions.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase)
                ? Verdict.Fail($"{server} offers no STARTTLS, and Smtp:StartTls asks for it: no mail goes out")
                : Verdict.Pass($"{server} greets");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return Verdict.Fail($"{server} does not answer: {e.Message}");
        }
    }

    /// <summary>A reply of one or more lines, of which all but the last have a dash after the code: <c>250-PIPELINING … 250 HELP</c>.
    /// </summary>
    private static async Task<string> AnswerAsync(StreamReader reader, CancellationToken cancel)
    {
        var answer = new StringBuilder();
        for (var i = 0; i < MostLines; i++)
        {
            var line = await reader.ReadLineAsync(cancel) ?? throw new IOException("it closed the connection");
            answer.Append(line).Append('\n');
            if (line.Length < 4 || line[3] != '-' || !line[..3].All(char.IsAsciiDigit)) break;
        }
        return answer.ToString();
    }

    private static string Code(string answer) => answer.Length >= 3 && answer[..3].All(char.IsAsciiDigit) ? answer[..3] : "no SMTP reply";
}
