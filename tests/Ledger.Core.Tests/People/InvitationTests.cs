using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>The arrows of an invitation's life that do not end well, and the limits.</summary>
public sealed class InvitationTests
{
    [PostgresFact]
    public async Task A_revoked_invitations_user_is_removed_and_the_address_can_be_invited_again()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Empty(people.Keycloak.Users);
        Assert.Null(await people.People.FindAsync(PeopleUnderTest.Demo, invitation.PersonId, CancellationToken.None));
        Assert.Equal(InvitationState.Revoked,
            (await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin,
            CancellationToken.None))!.State);

        var again = await people.InviteAsync(PeopleUnderTest.Ada with { Role = "AUDITOR" });
        Assert.Equal(invitation.PersonId, again.PersonId);
        await people.WorkOnAsync();
        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Contains("AUDITOR", Assert.Single(people.Keycloak.Users).Roles);
        Assert.Equal(ProblemTypes.InvitationClosed, (await LedgerUnderTest.ProblemOfAsync(() =>
            people.Invitations.RevokeAsync(PeopleUnderTest.Demo, again.Id, PeopleUnderTest.Admin, CancellationToken.None))).Type);
    }

    [PostgresFact]
    public async Task An_expired_invitations_user_is_removed_and_the_address_can_be_invited_again()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        people.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        people.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(InvitationState.Expired, (await people.InvitationAsync(invitation.Id)).StateAt(people.Time.GetUtcNow()));
        Assert.Equal(1, await people.Expiry.StepAsync(CancellationToken.None));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        await people.WorkOnAsync();
        Assert.Empty(people.Keycloak.Users);
        await people.InviteAsync();
        await people.WorkOnAsync();
        Assert.Single(people.Keycloak.Users);
    }

    [PostgresFact]
    public async Task An_address_has_one_open_invitation_and_a_person_is_not_invited_twice()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.InviteAsync();
        Assert.Equal(ProblemTypes.InvitationOpen, (await LedgerUnderTest.ProblemOfAsync(() =>
            people.InviteAsync(PeopleUnderTest.Ada with { Email = "ADA@EXAMPLE.COM" }))).Type);
        await people.WorkOnAsync();
        await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
        Assert.Equal(ProblemTypes.PersonExists, (await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync())).Type);
    }

    [PostgresFact]
    public async Task An_address_gets_five_mails_an_hour()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var invitation = await people.InviteAsync();
        for (var sent = 1; sent <= 4; sent++)
        {
            await people.Invitations.ResendAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None);
            await people.WorkOnAsync();
            Assert.Equal(sent, people.Sink.Mails.Count); // the first was not out yet, and the newest wins
            people.Time.Advance(TimeSpan.FromMinutes(1));
        }
        var refused = await LedgerUnderTest.ProblemOfAsync(() =>
            people.Invitations.ResendAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None));
        Assert.Equal((ProblemTypes.ResendLimited, 56 * 60), (refused.Type, refused.RetryAfterSeconds));
        people.Time.Advance(TimeSpan.FromMinutes(56));
        await people.Invitations.ResendAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal("Account disabled", people.Keycloak.SignIn("ada@example.com", people.MailedCode()));
        Assert.Equal(people.Sink.Mails.Count, people.Sink.Mails.Select(m => Header(m.Raw, "Message-ID")).Distinct().Count());
    }

    [PostgresFact]
    public async Task A_tenants_limit_counts_people_who_are_not_disabled_and_invited_ones()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.Ledger.SqlAsync("UPDATE tenants SET max_people = 1 WHERE tenant_id = 'demo'");
        var ada = await people.JoinedAsync();
        var bob = PeopleUnderTest.Ada with { Email = "bob@example.com" };
        Assert.Equal(ProblemTypes.TooManyPeople, (await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync(bob))).Type);
        await people.People.DisableAsync(PeopleUnderTest.Demo, ada.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.InviteAsync(bob);
        Assert.Equal(ProblemTypes.TooManyPeople, (await LedgerUnderTest.ProblemOfAsync(() =>
            people.People.EnableAsync(PeopleUnderTest.Demo, ada.Id, PeopleUnderTest.Admin, CancellationToken.None))).Type);
    }

    [PostgresFact]
    public async Task Who_signs_in_elsewhere_gets_a_link_and_no_password()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.JoinedAsync(PeopleUnderTest.Ada with { Link = new ProviderLink("demo-sso", "ext-1", "ada") });
        var user = Assert.Single(people.Keycloak.Users);
        Assert.Null(user.Password);
        Assert.Equal(new ProviderLink("demo-sso", "ext-1", "ada"), Assert.Single(user.Links).Value);
        Assert.Contains("good for accepting alone", people.Sink.Mails[^1].Body, StringComparison.Ordinal);
    }

    private static string Header(string raw, string name) =>
        raw.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
}
