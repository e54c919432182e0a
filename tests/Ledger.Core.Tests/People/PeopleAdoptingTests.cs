using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>Users whom an operator made in Keycloak become people, and nothing there is changed by it.</summary>
public sealed class PeopleAdoptingTests
{
    [PostgresFact]
    public async Task Users_of_the_tenant_become_active_people_in_the_highest_role_that_they_have()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        Add(people, "demo-admin", "AUDITOR", "CLIENT_ADMIN", "CLIENT_TECH");
        Add(people, "demo-tech", "AUDITOR", "CLIENT_TECH").Email = "Demo-Tech@Example.com";
        Add(people, "demo-auditor", "AUDITOR");
        people.Keycloak.Add("other-tech", "other").Roles.Add("CLIENT_TECH");
        var before = people.Keycloak.Users.Select(user => user.ToString()).ToList();

        var found = await people.AdoptAsync();
        Assert.Equal(["demo-admin@example.com CLIENT_ADMIN", "demo-auditor@example.com AUDITOR", "demo-tech@example.com CLIENT_TECH"],
            found.Select(p => $"{p.Email} {p.Role}").Order());
        Assert.All(found, p => Assert.True(p is
            { Enabled: true, IsApplied: true, JoinedAt: not null, Subject: not null, LastError: null }));
        Assert.Equal(before, people.Keycloak.Users.Select(user => user.ToString()));
        Assert.Equal(0, people.Keycloak.Writes);
    }

    [PostgresFact]
    public async Task Who_is_left_out_is_counted_with_the_reason()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        Add(people, "fine", "AUDITOR");
        Add(people, "service-account-robot", "CLIENT_ADMIN");
        Add(people, "roleless", "offline_access", "entries:write");
        Add(people, "off", "CLIENT_TECH").Enabled = false;
        Add(people, "nameless", "CLIENT_TECH").LastName = null;
        Add(people, "addressless", "CLIENT_TECH").Email = null;
        Add(people, "two-tenants", "CLIENT_TECH").Attributes["tenant"] = ["demo", "other"];
        people.Keycloak.Add("other-tech", "other").Roles.Add("CLIENT_TECH");
        people.Keycloak.IsFilterBroken = true; // then the list has everybody: the attribute is compared again
        await people.Ledger.TableAsync("UPDATE tenants SET max_people = 0 WHERE tenant_id = 'demo' RETURNING 1");

        Assert.Equal("fine@example.com", Assert.Single(await people.AdoptAsync()).Email);
        Assert.Empty(await people.People.ListAsync(LedgerUnderTest.Other, null, 10, CancellationToken.None));
        Assert.Equal("""
            {"known": "0", "people": "1", "adopted": "1", "no_role": "1", "disabled": "1", "incomplete": "2", "most_people": "0",
            """ + """ "address_taken": "0"}""", await EventAsync(people, "person.sync.end"));
    }

    [PostgresFact]
    public async Task What_is_known_stays_as_the_tenant_wants_it_and_asking_again_changes_nothing()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var joined = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        Add(people, "made", "CLIENT_TECH");
        (user.FirstName, user.Enabled) = ("Another", true);
        user.Roles.Add("CLIENT_ADMIN");

        var first = await people.AdoptAsync();
        Assert.Equal(2, first.Count);
        Assert.Equal(joined, first.Single(p => p.Id == joined.Id), SamePerson);
        Assert.Equal(first, await people.AdoptAsync(), SamePerson);
        Assert.Equal(1, await people.Ledger.ScalarAsync<long>(
            "SELECT count(*) FROM audit_outbox WHERE convert_from(event, 'UTF8')::jsonb ->> 'action' = 'person.adopt'"));
    }

    [PostgresFact]
    public async Task An_open_invitation_ends_and_its_person_is_the_user_with_what_the_user_has_and_nothing_more()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var user = Add(people, "ada@example.com", "AUDITOR");
        var invitation = await people.InviteAsync(PeopleUnderTest.Ada with
        {
            Role = "CLIENT_ADMIN", Link = new ProviderLink("demo-sso", "somebody", "else"),
        });
        await people.WorkOnAsync();
        Assert.Equal(PersonApplying.AddressUnavailable, (await people.PersonAsync(invitation.PersonId)).LastError);

        var person = Assert.Single(await people.AdoptAsync());
        Assert.True(person is { Role: "AUDITOR", Enabled: true, IsApplied: true, LastError: null });
        Assert.All(person.Links.Values, Assert.Null);
        Assert.Equal((invitation.PersonId, user.Id), (person.Id, person.Subject));
        Assert.Equal(InvitationState.Revoked, (await people.InvitationAsync(invitation.Id)).State);
        Assert.Empty(people.Sink.Mails);
        Assert.Null(user.Password);
        Assert.False(user.EmailVerified); // nobody proved it
        Assert.Equal(["AUDITOR", "default-roles-ledger"], user.Roles);
    }

    [PostgresFact]
    public async Task An_invitation_whose_user_is_under_way_and_a_person_of_the_same_address_are_left_alone()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        var joined = await people.JoinedAsync(PeopleUnderTest.Ada with { Email = "bob@example.com" });
        people.Keycloak.Users.Single(u => u.Id == joined.Subject).Email = "robert@example.com";
        Add(people, "bob-again", "CLIENT_ADMIN").Email = "bob@example.com";

        var found = await people.AdoptAsync();
        Assert.Equal(2, found.Count);
        Assert.Equal(joined, found.Single(p => p.Id == joined.Id), SamePerson);
        Assert.Equal(InvitationState.Sent, (await people.InvitationAsync(invitation.Id)).State);
        Assert.Contains("\"address_taken\": \"1\"", await EventAsync(people, "person.sync.end"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task An_adopted_person_is_managed_as_any_other_and_an_address_that_nobody_proved_stays_unproven()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var user = Add(people, "demo-tech", "AUDITOR", "CLIENT_TECH");
        var person = Assert.Single(await people.AdoptAsync());
        Assert.Equal(ProblemTypes.PersonExists, (await LedgerUnderTest.ProblemOfAsync(() => people.InviteAsync(
            PeopleUnderTest.Ada with { Email = "demo-tech@example.com" }))).Type);
        (user.Email, user.EmailVerified) = ("own@example.com", true); // another address than the one that is written back
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "CLIENT_ADMIN", PeopleUnderTest.Admin, CancellationToken.None);
        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal("demo-tech demo-tech@example.com F L enabled=False verified=False CLIENT_ADMIN,default-roles-ledger tenant=demo",
            user.ToString());
    }

    [PostgresFact]
    public async Task All_pages_are_read_and_who_slips_to_a_page_before_is_found_by_the_next_pass()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        for (var i = 0; i < 2 * KeycloakAdmin.PageUsers; i++) Add(people, $"u{i:D3}", "AUDITOR");
        var rolesRead = 0;
        people.Keycloak.Arrived = said =>
        {
            if (said == "GET /ID/role-mappings/realm" && ++rolesRead == 50) people.Keycloak.Users.RemoveAt(0);
        };
        Assert.Equal(2 * KeycloakAdmin.PageUsers, (await people.AdoptAsync()).Count); // the one that was removed had been read
    }

    [PostgresFact]
    public async Task An_outage_in_the_middle_counts_nothing_and_ends_as_if_there_had_been_none()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        for (var i = 0; i < 5; i++) Add(people, $"u{i}", "AUDITOR");
        await people.Sync.AskAsync(PeopleUnderTest.Demo, PeopleUnderTest.Admin, CancellationToken.None);
        var rolesRead = 0;
        people.Keycloak.Arrived = said =>
        {
            if (said == "GET /ID/role-mappings/realm" && ++rolesRead == 3) people.Keycloak.IsDown = true;
            if (people.Keycloak.IsDown) throw new HttpRequestException("Connection reset");
        };
        await people.WorkAsync();
        Assert.Equal(2, (await people.People.ListAsync(PeopleUnderTest.Demo, null, 10, CancellationToken.None)).Count);
        Assert.Equal("network|0", Assert.Single(await people.Ledger.TableAsync("SELECT last_error_class, counted_attempts FROM jobs")));
        (people.Keycloak.IsDown, people.Keycloak.Arrived) = (false, null);
        await people.WorkOnAsync();
        Assert.Equal(5, (await people.People.ListAsync(PeopleUnderTest.Demo, null, 10, CancellationToken.None)).Count);
        Assert.Equal(5, await people.Ledger.ScalarAsync<long>(
            "SELECT count(*) FROM audit_outbox WHERE convert_from(event, 'UTF8')::jsonb ->> 'action' = 'person.adopt'"));
    }

    private static FakeUser Add(PeopleUnderTest people, string username, params string[] roles)
    {
        var user = people.Keycloak.Add(username, "demo");
        user.Roles.UnionWith(roles);
        return user;
    }

    private static async Task<string> EventAsync(PeopleUnderTest people, string action) => Assert.Single(await people.Ledger.TableAsync($"""
        SELECT told.j ->> 'details' FROM audit_outbox, LATERAL (SELECT convert_from(event, 'UTF8')::jsonb j) told
         WHERE told.j ->> 'action' = '{action}'
        """));

    // Records compare their links by reference.
    private static bool SamePerson(Person one, Person other) =>
        one with { Links = other.Links } == other && one.Links.SequenceEqual(other.Links);

    private static bool SamePerson(IReadOnlyList<Person> some, IReadOnlyList<Person> others) =>
        some.Count == others.Count && some.Zip(others).All(pair => SamePerson(pair.First, pair.Second));
}
