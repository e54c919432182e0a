using System.Text.RegularExpressions;
using Ledger.Core.Jobs;
using Ledger.Core.Tests.People;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Smtp;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Notifications;

/// <summary>What the mail says, and that a mail server's faults cost time and no invitation.</summary>
public sealed class InvitationMailTests
{
    [PostgresFact]
    public async Task The_mail_says_who_where_how_and_until_when()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.InviteAsync(PeopleUnderTest.Ada with { LastName = "Šťastný-李" });
        await people.WorkOnAsync();
        var mail = Assert.Single(people.Sink.Mails);
        Assert.Equal("Invitation to the ledger ledger.test, tenant demo", mail.Subject);
        Assert.Equal($"""
            Hello Ada Šťastný-李,

            you are invited to the ledger ledger.test, to the tenant demo, in the role CLIENT_TECH.

            Accept the invitation here:

            https://portal.example.com/join#{people.MailedCode()}

            The part after the # is your one-time code.

            Then sign in as ada@example.com with the same code as your password. You are asked to choose a password of your own at once.

            The code is good until 8 January 2026, 00:00 UTC: accept and choose your password before that. A newer mail replaces it. Give it to nobody.

            If you do not know what this is about, do nothing: without the code nobody is let in.
            """.ReplaceLineEndings("\r\n"), mail.Body.TrimEnd('\r', '\n'));
        Assert.Matches(@"<[0-9a-f]{32}\.1\.[0-9a-f]{16}@example\.com>", MessageId(mail));
        Assert.Contains("Auto-Submitted: auto-generated", mail.Raw, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("CONNECT", 421)]
    [InlineData("RCPT", 450)]
    [InlineData("RCPT", 550)]
    [InlineData(".", 451)]
    public async Task A_mail_that_the_server_did_not_take_goes_out_later_with_a_code_that_is_good(string command, int status)
    {
        await using var people = await PeopleUnderTest.StartAsync();
        people.Sink.Faults.Set(new Fault(FaultMode.ServerError) { Status = status, PathPrefix = command, Count = 1 });
        await people.InviteAsync();
        await people.WorkOnAsync();
        Assert.Single(people.Sink.Mails);
        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal("Account is not fully set up", people.Keycloak.SignIn("ada@example.com", people.MailedCode()));
    }

    [PostgresFact]
    public async Task A_mail_that_was_taken_without_a_word_is_followed_by_another_whose_code_is_the_good_one()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        people.Sink.Faults.Set(new Fault(FaultMode.Drop) { PathPrefix = ".", Count = 1 });
        await people.InviteAsync();
        await people.WorkOnAsync();
        Assert.Equal(2, people.Sink.Mails.Count);
        // A reader that drops what it has already by its Message-ID must not drop the good one.
        Assert.NotEqual(MessageId(people.Sink.Mails[0]), MessageId(people.Sink.Mails[1]));
        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
    }

    private static string MessageId(ReceivedMail mail) => Regex.Match(mail.Raw, "(?im)^message-id:\\s*(<[^>\\s]+>)").Groups[1].Value;
}
