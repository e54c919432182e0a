using System.Net.Mail;
using System.Text;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Smtp;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators.Smtp;

public sealed class SmtpSinkTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private SmtpSink _sink = null!;

    public async Task InitializeAsync() => _sink = await StartAsync();

    public async Task DisposeAsync() => await _sink.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mail_of_the_runtimes_own_client_arrives_decoded_and_as_a_file()
    {
        const string subject = "Einladung: Grüße aus Łódź und 東京, mit einem langen Betreff, der umbrochen wird";
        await SendAsync(subject, "Grüße\r\n.versteckter Punkt\r\n");

        var mail = Assert.Single(_sink.Mails);
        Assert.Equal(("from@a.example", "to@b.example"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal(subject, mail.Subject);
        Assert.Equal("Grüße\r\n.versteckter Punkt", mail.Body.TrimEnd());
        Assert.Equal(mail.Raw, await File.ReadAllTextAsync(_folder["0001.eml"]));
        Assert.Equal($"From: from@a.example\nTo: to@b.example\nSubject: {subject}\n\nGrüße\n.versteckter Punkt",
            (await File.ReadAllTextAsync(_folder["0001.txt"])).TrimEnd());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["0001.eml"]));
    }

    [Fact]
    public async Task Numbers_go_on_after_a_restart()
    {
        await SendAsync("one", "1");
        await _sink.DisposeAsync();
        _sink = await StartAsync();
        await SendAsync("two", "2");

        Assert.Equal("two", Assert.Single(_sink.Mails).Subject);
        Assert.True(File.Exists(_folder["0002.eml"]));
    }

    [Theory]
    [InlineData("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", "R3LD\r\nvMOfZQ==", "Grüße")]
    [InlineData("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
        "Gr=C3=BC=\r\n=C3=9Fe", "Grüße")]
    [InlineData("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", "Grüße", "Grüße")]
    [InlineData("Content-Type: text/html", "<p>nothing to read</p>", "")]
    [InlineData("Content-Type: multipart/alternative; boundary=\"b1\"",
        "preamble\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--b1\r\nContent-Type: text/plain\r\n\r\nyes\r\n--b1--", "yes")]
    public async Task Every_way_to_encode_a_text_is_read(string headers, string body, string text)
    {
        using var side = await SmtpClientSide.ReadyForDataAsync(_sink);
        Assert.Equal("354", (await side.SayAsync("DATA"))[..3]);

        const string subject = "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_?=\r\n =?utf-8?B?YXVz?=";
        Assert.Equal("250 OK", await side.SayAsync($"{subject}\r\n{headers}\r\n\r\n{body}\r\n."));

        Assert.Equal(("Grüße aus", text), (_sink.Mails[0].Subject, _sink.Mails[0].Body.Trim()));
    }

    [Fact]
    public async Task Commands_out_of_order_or_malformed_are_refused_and_the_mail_can_begin_anew()
    {
        using var side = await SmtpClientSide.ConnectAsync(_sink);
        Assert.Equal("220 localhost ESMTP", await side.AnswerAsync());
        Assert.Equal("503", (await side.SayAsync("MAIL FROM:<a@b.example>"))[..3]);
        Assert.Equal("501", (await side.SayAsync("EHLO"))[..3]);
        Assert.Equal("250", (await side.SayAsync("HELO me.example"))[..3]);
        Assert.Equal("503", (await side.SayAsync("RCPT TO:<a@b.example>"))[..3]);
        Assert.Equal("501", (await side.SayAsync("MAIL FROM: a@b.example"))[..3]);
        Assert.Equal("552", (await side.SayAsync("MAIL FROM:<a@b.example> SIZE=99999999"))[..3]);
        Assert.Equal("555", (await side.SayAsync("MAIL FROM:<a@b.example> RET=FULL"))[..3]);
        Assert.Equal("250", (await side.SayAsync("mail from:<> BODY=8BITMIME"))[..3]);
        Assert.Equal("503", (await side.SayAsync("DATA"))[..3]);
        Assert.Equal("501", (await side.SayAsync("RCPT TO:<>"))[..3]);
        Assert.Equal("250", (await side.SayAsync("RSET"))[..3]);
        Assert.Equal("503", (await side.SayAsync("RCPT TO:<a@b.example>"))[..3]);
        Assert.Equal("250", (await side.SayAsync("NOOP"))[..3]);
        Assert.Equal("500", (await side.SayAsync("TURN"))[..3]);
        Assert.Equal("221", (await side.SayAsync("QUIT"))[..3]);
        Assert.Null(await side.AnswerAsync());
        Assert.Empty(_sink.Mails);
    }

    [Fact]
    public async Task A_mail_that_is_too_large_is_refused_and_a_lone_line_feed_ends_no_line()
    {
        using (var side = await SmtpClientSide.ReadyForDataAsync(_sink))
        {
            await side.SayAsync("DATA");
            var line = new string('x', 1000) + "\r\n";
            for (var i = 0; i < 10_500; i++)
                await side.SendAsync(line);
            Assert.Equal("552 too large", await side.SayAsync("."));
        }
        using (var side = await SmtpClientSide.ReadyForDataAsync(_sink))
        {
            await side.SayAsync("DATA");
            Assert.Equal("521", (await side.SayAsync("one\n.\nMAIL FROM:<smuggled@a.example>\r\n."))[..3]);
        }
        Assert.Empty(_sink.Mails);
    }

    [Theory]
    [InlineData("MAIL", 451, "MAIL FROM:<a@b.example>")]
    [InlineData("RCPT", 550, "RCPT TO:<a@b.example>")]
    public async Task A_command_fails_as_it_is_told_to_and_then_works(string point, int status, string command)
    {
        _sink.Faults.Set(new Fault(FaultMode.ServerError) { PathPrefix = point, Status = status, Count = 1 });
        using var side = await SmtpClientSide.ConnectAsync(_sink);
        await side.AnswerAsync();
        await side.SayAsync("EHLO me.example");
        if (point == "RCPT")
            await side.SayAsync("MAIL FROM:<a@b.example>");

        Assert.Equal($"{status} emulated failure", await side.SayAsync(command));
        Assert.Equal("250 OK", await side.SayAsync(command));
    }

    [Fact]
    public async Task A_mail_can_be_taken_without_a_word_and_refused_after_it_was_kept()
    {
        _sink.Faults.Set(FaultMode.Drop, ".", count: 1);
        Assert.Equal("(closed)", await DataAsync());
        Assert.Single(_sink.Mails);

        _sink.Faults.Set(new Fault(FaultMode.ServerError) { PathPrefix = ".", Status = 451, Count = 1, AfterWork = true });
        Assert.Equal("451 emulated failure", await DataAsync());
        Assert.Equal(2, _sink.Mails.Count);

        _sink.Faults.Set(FaultMode.Down, "CONNECT", count: 1);
        using var side = await SmtpClientSide.ConnectAsync(_sink);
        Assert.Null(await side.AnswerAsync());
    }

    private Task<SmtpSink> StartAsync() =>
        SmtpSink.StartAsync(new EmulatorOptions { StateDirectory = _folder.Path }, CancellationToken.None);

    private async Task<string> DataAsync()
    {
        using var side = await SmtpClientSide.ReadyForDataAsync(_sink);
        await side.SayAsync("DATA");
        return await side.SayAsync("Subject: s\r\n\r\nb\r\n.");
    }

    private async Task SendAsync(string subject, string body)
    {
        using var client = new SmtpClient(_sink.Host, _sink.Port);
        using var message = new MailMessage("from@a.example", "to@b.example", subject, body) { BodyEncoding = Encoding.UTF8 };
        await client.SendMailAsync(message);
    }
}
