using Ledger.Core.People;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>From an invitation to somebody who signs in, and what comes after; whole, and cut off at every step.</summary>
public sealed class OnboardingTests
{
    private const string Joined =
        "ada@example.com ada@example.com Ada Byron enabled=True verified=True CLIENT_TECH,default-roles-ledger tenant=demo";

    [PostgresFact]
    public async Task An_invited_person_has_a_disabled_user_and_a_mail_and_signs_in_once_they_accepted()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var invitation = await people.InviteAsync();
        Assert.False((await people.PersonAsync(invitation.PersonId)).IsApplied);
        await people.WorkOnAsync();

        var user = Assert.Single(people.Keycloak.Users);
        Assert.Equal(Joined.Replace("True", "False"), user.ToString());
        var mail = Assert.Single(people.Sink.Mails);
        Assert.Equal("ada@example.com", Assert.Single(mail.To));
        Assert.Equal((InvitationState.Sent, true), ((await people.InvitationAsync(invitation.Id)).State,
            (await people.PersonAsync(invitation.PersonId)).IsApplied));
        Assert.Equal("Account disabled", people.Keycloak.SignIn("ada@example.com", people.MailedCode()));

        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal(Joined, user.ToString());
        Assert.Equal("Account is not fully set up", people.Keycloak.SignIn("ada@example.com",
            people.MailedCode())); // has to choose a password
        var person = await people.PersonAsync(invitation.PersonId);
        Assert.Equal((user.Id, true, (string?)null), (person.Subject, person.IsApplied, person.LastError));
        Assert.Equal("""{"role": "CLIENT_TECH"}""", await people.Ledger.ScalarAsync<string>("""
            SELECT (convert_from(event, 'UTF8')::jsonb -> 'details')::text FROM audit_outbox
             WHERE convert_from(event, 'UTF8') LIKE '%person.invite%'
            """));
        Assert.Equal(["invitation.accept", "person.invite"], await people.Ledger.ListAsync(
            "SELECT convert_from(event, 'UTF8')::jsonb ->> 'action' FROM audit_outbox ORDER BY 1"));
    }

    [PostgresFact]
    public async Task Whatever_write_is_the_last_before_the_connection_is_cut_the_end_is_the_same()
    {
        await using (var whole = await PeopleUnderTest.StartAsync())
        {
            await LifeAsync(whole);
            Assert.Equal(10, whole.Keycloak.Writes);
        }
        for (var write = 1; write <= 10; write++)
        {
            await using var people = await PeopleUnderTest.StartAsync();
            people.Keycloak.CutAfterWrite = write;
            await LifeAsync(people);
            Assert.Contains("\"class\": \"network\"", await people.Ledger.ScalarAsync<string>(
                "SELECT string_agg(errors::text, '') FROM jobs"), StringComparison.Ordinal);
            Assert.Equal(0, await people.Ledger.ScalarAsync<long>("SELECT sum(counted_attempts)::bigint FROM jobs"));
        }
    }

    // Invited with a link that is taken away again, accepted, made an auditor, disabled, let in again.
    private static async Task LifeAsync(PeopleUnderTest people)
    {
        var person = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        Assert.Equal(Joined, user.ToString());

        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal(Joined.Replace("CLIENT_TECH", "AUDITOR"), user.ToString());
        Assert.InRange(user.SignOuts, 1, 2);

        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.False(user.Enabled);
        Assert.InRange(user.SignOuts, 2, 3);

        await people.People.EnableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal(Joined.Replace("CLIENT_TECH", "AUDITOR"), user.ToString());
        Assert.Same(user, Assert.Single(people.Keycloak.Users));
        Assert.True((await people.PersonAsync(person.Id)) is { IsApplied: true, LastError: null, Version: 5 });
        // Whatever was cut off: the newest code of a mail is the password that is set.
        Assert.Equal("Account is not fully set up", people.Keycloak.SignIn("ada@example.com", people.MailedCode()));
    }

    [PostgresFact]
    public async Task While_Keycloak_is_away_everything_is_taken_and_once_it_is_back_all_of_it_is_applied()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var first = await people.JoinedAsync(PeopleUnderTest.Ada with { Email = "first@example.com" });
        people.Keycloak.IsDown = true;
        var invitation = await people.InviteAsync();
        await people.People.DisableAsync(PeopleUnderTest.Demo, first.Id, PeopleUnderTest.Admin, CancellationToken.None);
        for (var hour = 0; hour < 26; hour++)
        {
            await people.WorkAsync();
            people.Time.Advance(TimeSpan.FromHours(1));
        }
        Assert.True(await people.PersonAsync(invitation.PersonId) is { IsApplied: false, LastError: PersonApplying.Unavailable });
        Assert.True(await people.PersonAsync(first.Id) is { IsApplied: false, Enabled: false, LastError: PersonApplying.Unavailable });
        Assert.Equal(0,
            await people.Ledger.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE status = 'dead_letter' OR counted_attempts > 0"));

        people.Keycloak.IsDown = false;
        await people.WorkOnAsync();
        Assert.True(await people.PersonAsync(invitation.PersonId) is { IsApplied: true, LastError: null });
        Assert.False(people.Keycloak.Users[0].Enabled);
        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None); // its week began with the mail
    }
}
