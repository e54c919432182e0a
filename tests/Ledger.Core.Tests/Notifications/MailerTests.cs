using System.Net.Mail;
using Ledger.Core.Jobs;
using Ledger.Core.Notifications;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Smtp;
using Ledger.Testing;

namespace Ledger.Core.Tests.Notifications;

/// <summary>A real conversation with a mail server, and each way it can end.</summary>
public sealed class MailerTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private SmtpSink sink = null!;

    public async Task InitializeAsync() =>
        sink = await SmtpSink.StartAsync(new EmulatorOptions { StateDirectory = folder.Path }, CancellationToken.None);

    public async Task DisposeAsync() => await sink.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("RCPT", 450, JobErrorClass.Network)]
    [InlineData("RCPT", 550, JobErrorClass.Config)]
    [InlineData("MAIL", 451, JobErrorClass.Network)]
    [InlineData("MAIL", 530, JobErrorClass.Config)]
    [InlineData("DATA", 554, JobErrorClass.Config)]
    [InlineData(".", 452, JobErrorClass.Network)]
    [InlineData(".", 552, JobErrorClass.Config)]
    public async Task A_server_that_says_not_now_is_asked_again_and_one_that_says_never_is_the_operators(string command, int status,
        object errorClass)
    {
        sink.Faults.Set(new Fault(FaultMode.ServerError) { Status = status, PathPrefix = command, Count = 1 });
        var failure = await Assert.ThrowsAsync<JobFailedException>(() => SendAsync(new()));
        Assert.Equal(errorClass, failure.Class);
        Assert.Contains($"smtp: {status}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", failure.Message, StringComparison.Ordinal);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for() =>
        Assert.Equal(JobErrorClass.Network, (await Assert.ThrowsAsync<JobFailedException>(() => SendAsync(new(), FreePort.Next()))).Class);

    [Fact]
    public async Task Without_STARTTLS_nothing_is_sent_where_it_is_asked_for()
    {
        var failure = await Assert.ThrowsAsync<JobFailedException>(() => SendAsync(new() { StartTls = true }));
        Assert.Equal(JobErrorClass.Config, failure.Class);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task Text_of_any_language_arrives_as_it_was_written()
    {
        using var mail = Mail();
        mail.Subject = "Einladung für Šťastný 李";
        mail.SubjectEncoding = mail.BodyEncoding = System.Text.Encoding.UTF8;
        mail.Body = "Grüße, 李\r\n.\r\n..zwei Punkte\r\n" + new string('x', 2000);
        await SendAsync(new(), mail: mail);
        var received = Assert.Single(sink.Mails);
        Assert.Equal((mail.Subject, mail.Body), (received.Subject, received.Body.TrimEnd('\r', '\n')));
    }

    private async Task SendAsync(SmtpOptions options, int? port = null, MailMessage? mail = null)
    {
        (options.Host, options.Port, options.From) = (sink.Host, port ?? sink.Port, "ledger@example.com");
        using var given = mail ?? Mail();
        await new Mailer(options, TimeProvider.System).SendAsync(given, CancellationToken.None);
    }

    private static MailMessage Mail() => new("ledger@example.com", "ada@example.com", "subject", "body");
}
