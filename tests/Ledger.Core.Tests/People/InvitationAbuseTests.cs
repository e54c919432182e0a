using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>What an administrator with bad intentions makes of invitations.</summary>
public sealed class InvitationAbuseTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task A_link_of_a_revoked_invitation_is_gone_when_the_address_is_invited_again_into_another_role()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var planted = await people.InviteAsync(PeopleUnderTest.Ada with { Link = new ProviderLink("demo-sso", "the-planter", "p") });
        await people.WorkOnAsync();
        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, planted.Id, PeopleUnderTest.Admin, None);
        await people.InviteAsync(PeopleUnderTest.Ada with { Role = "CLIENT_ADMIN" }); // before a worker removed the user
        await people.WorkOnAsync();
        await people.Acceptance.AcceptAsync(people.MailedCode(), None);
        await people.WorkOnAsync();
        var user = Assert.Single(people.Keycloak.Users);
        Assert.Empty(user.Links);
        Assert.NotNull(user.Password);
        Assert.Null(Assert.Single((await people.PersonAsync(planted.PersonId)).Links).Value);
    }

    [PostgresFact]
    public async Task A_new_invitation_has_the_links_that_it_names_itself()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var first = await people.InviteAsync(PeopleUnderTest.Ada with { Link = new ProviderLink("demo-sso", "1", "p") });
        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, first.Id, PeopleUnderTest.Admin, None);
        await people.InviteAsync(PeopleUnderTest.Ada with { Link = new ProviderLink("later-sso", "2", "ada") });
        var links = (await people.PersonAsync(first.PersonId)).Links;
        Assert.Equal((2, (ProviderLink?)null, new ProviderLink("later-sso", "2", "ada")),
            (links.Count, links["demo-sso"], links["later-sso"]!));
    }

    [PostgresFact]
    public async Task Only_providers_on_the_tenants_list_are_linked_and_the_trail_tells_whom_by_a_hash()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var foreign = new ProviderLink("other-tenants-sso", "1", "p");
        var invited = await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync(PeopleUnderTest.Ada with { Link = foreign }));
        Assert.Equal((ProblemTypes.IdentityProviderNotAllowed, "identity_provider.alias"), (invited.Type, invited.Field));
        var person = await people.InviteAsync();
        Task LinkAsync(ProviderLink link) =>
            people.People.LinkAsync(PeopleUnderTest.Demo, person.PersonId, link, PeopleUnderTest.Admin, None);
        Assert.Equal(ProblemTypes.IdentityProviderNotAllowed, (await LedgerUnderTest.ProblemOfAsync(() => LinkAsync(foreign))).Type);
        await LinkAsync(new ProviderLink("demo-sso", "abc", "p"));
        Assert.Equal("demo-sso ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-2, "abc"
            await people.Ledger.ScalarAsync<string>("""
                SELECT (e -> 'details' ->> 'alias') || ' ' || (e -> 'details' ->> 'user_id_sha256')
                  FROM (SELECT convert_from(event, 'UTF8')::jsonb e FROM audit_outbox) a WHERE e ->> 'action' = 'person.link'
                """));
        await people.Ledger.SqlAsync("UPDATE tenants SET identity_providers = '{}'");
        await people.People.UnlinkAsync(PeopleUnderTest.Demo, person.PersonId, "demo-sso", PeopleUnderTest.Admin, None);
        Assert.Null(Assert.Single((await people.PersonAsync(person.PersonId)).Links).Value);
    }

    [PostgresFact]
    public async Task Inviting_and_revoking_in_a_loop_mails_an_address_five_times_an_hour()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var invitation = await people.InviteAsync();
            await people.WorkOnAsync();
            await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, None);
            people.Time.Advance(TimeSpan.FromMinutes(1));
        }
        var refused = await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync());
        Assert.Equal((ProblemTypes.RateLimited, 55 * 60), (refused.Type, refused.RetryAfterSeconds));
        Assert.Equal(5, people.Sink.Mails.Count);
        people.Time.Advance(TimeSpan.FromMinutes(55));
        await people.InviteAsync();
    }

    [PostgresFact]
    public async Task A_tenant_invites_a_hundred_people_an_hour()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var first = people.Time.GetUtcNow();
        for (var i = 0; i < 100; i++) await people.InviteAsync(PeopleUnderTest.Ada with { Email = $"p{i}@example.com" });
        var refused = await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync());
        Assert.Equal((ProblemTypes.RateLimited, 3600), (refused.Type, refused.RetryAfterSeconds));
        people.Time.Advance(first + TimeSpan.FromHours(1) - people.Time.GetUtcNow());
        await people.InviteAsync();
    }
}
