using System.Globalization;
using System.Net.Mail;
using System.Text;
using Ledger.Core.People;

namespace Ledger.Core.Notifications;

/// <summary>What the mail of an invitation says. Plain text: nothing in it is fetched, nothing is hidden.</summary>
internal static class InvitationMail
{
    /// <param name="ledger">The name of this ledger.</param>
    /// <param name="portal">Where the code is taken; null: the mail has the code alone.</param>
    /// <param name="expires">When the code ends; said to the minute, in UTC.</param>
    /// <param name="attempt">Random, of this mail alone: lower-case hex digits.</param>
    public static MailMessage Of(Invitation invitation, Person person, InvitationCode code, string ledger, string from, Uri? portal,
        DateTimeOffset expires, string attempt)
    {
        var mail = new MailMessage(new MailAddress(from), new MailAddress(invitation.Email))
        {
            Subject = $"Invitation to the ledger {ledger}, tenant {invitation.Tenant}",
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = Text(invitation, person, code, ledger, portal, expires),
            BodyEncoding = Encoding.UTF8,
            IsBodyHtml = false,
        };
        // Another for every attempt, as the code is: who drops what they think they have already must not keep the one that is void.
        mail.Headers["Message-ID"] =
            string.Create(CultureInfo.InvariantCulture, $"<{invitation.Id:N}.{invitation.Generation}.{attempt}@{mail.From!.Host}>");
        mail.Headers["Auto-Submitted"] = "auto-generated";
        return mail;
    }

    private static string Text(Invitation invitation, Person person, InvitationCode code, string ledger, Uri? portal,
        DateTimeOffset expires)
    {
        var accept = portal is null
            ? $"Accept the invitation with this code:\r\n\r\n{code.Text}"
            : $"Accept the invitation here:\r\n\r\n{portal.AbsoluteUri}#{code.Text}\r\n\r\nThe part after the # is your one-time code.";
        var signIn = person.SignsInElsewhere
            ? "Then sign in through your organisation's sign-in page, as you do elsewhere. The code is good for accepting alone."
            : $"Then sign in as {invitation.Email} with the same code as your password. "
                + "You are asked to choose a password of your own at once.";
        var until = expires.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return $"""
            Hello {person.FirstName} {person.LastName},

            you are invited to the ledger {ledger}, to the tenant {invitation.Tenant}, in the role {person.Role}.

            {accept}

            {signIn}

            {Ends(person, until)} A newer mail replaces it. Give it to nobody.

            If you do not know what this is about, do nothing: without the code nobody is let in.
            """.ReplaceLineEndings("\r\n");
    }

    private static string Ends(Person person, string until) => person.SignsInElsewhere
        ? $"The code is good once, until {until}."
        : $"The code is good until {until}: accept and choose your password before that.";
}
