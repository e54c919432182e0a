using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.Core.Doctor;
using Ledger.Core.Notifications;
using Ledger.Core.Operations;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Doctor;

/// <summary>A mail server's first words.</summary>
public sealed class MailCheckTests
{
    [Theory]
    [InlineData("220 mail.test ESMTP", "250-mail.test\r\n250 STARTTLS", true, CheckOutcome.Pass, "greets")]
    [InlineData("220-mail.test\r\n220 ESMTP", "250 mail.test", false, CheckOutcome.Pass, "greets")]
    [InlineData("220 mail.test ESMTP", "250 mail.test", true, CheckOutcome.Fail, "offers no STARTTLS")]
    [InlineData("554 no", "", false, CheckOutcome.Fail, "does not greet as a mail server: 554")]
    [InlineData("SSH-2.0-OpenSSH_9.2", "", false, CheckOutcome.Fail, "does not greet as a mail server: no SMTP reply")]
    [InlineData("220 mail.test ESMTP", "502 what?", false, CheckOutcome.Fail, "refuses EHLO: 502")]
    [InlineData("", "", false, CheckOutcome.Fail, "does not answer: it closed the connection")]
    public async Task A_mail_server_greets_and_has_what_is_asked_for(
        string greeting, string extensions, bool startTls, CheckOutcome expected, string says)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, greeting, extensions);
        var options = new SmtpOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, StartTls = startTls };
        var verdict = await new MailCheck(Options.Create(options)).RunAsync(CancellationToken.None);
        await served;
        Assert.Equal(expected, verdict.Outcome);
        Assert.Contains(says, verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_there_is_nothing_to_check() =>
        Assert.Equal(CheckOutcome.Absent,
            (await new MailCheck(Options.Create(new SmtpOptions())).RunAsync(CancellationToken.None)).Outcome);

    private static async Task ServeAsync(TcpListener listener, string greeting, string extensions)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        if (greeting.Length == 0) return;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(greeting + "\r\n"));
        if (extensions.Length == 0) return;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith("EHLO ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(extensions + "\r\n"));
        await reader.ReadLineAsync();
    }
}
