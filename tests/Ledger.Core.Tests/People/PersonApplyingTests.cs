using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>What the worker does to users, and what it leaves alone.</summary>
public sealed class PersonApplyingTests
{
    [PostgresTheory]
    [InlineData("other", true)]
    [InlineData("other", false)]
    [InlineData("demo", true)] // ours by attribute, but somebody can sign in: an operator made it
    public async Task A_user_that_is_not_this_persons_is_never_touched(string tenant, bool enabled)
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var theirs = people.Keycloak.Add("ada@example.com", tenant, enabled);
        var before = theirs.ToString();
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();

        Assert.Equal(before, Assert.Single(people.Keycloak.Users).ToString());
        Assert.Null(theirs.Password);
        Assert.Empty(people.Sink.Mails);
        Assert.True(await people.PersonAsync(invitation.PersonId) is { IsApplied: false, LastError: PersonApplying.AddressUnavailable });
        Assert.DoesNotContain(people.Keycloak.Requests, r => r.StartsWith("PUT", StringComparison.Ordinal) || r.StartsWith("DELETE",
            StringComparison.Ordinal));

        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal(before, Assert.Single(people.Keycloak.Users).ToString());
    }

    [PostgresFact]
    public async Task A_user_that_was_moved_to_another_tenant_is_not_ours_any_more()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        user.Attributes["tenant"] = ["other"];
        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.True(user.Enabled);
        Assert.Equal(PersonApplying.AddressUnavailable, (await people.PersonAsync(person.Id)).LastError);
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rights_are_taken_away_also_where_somebody_else_took_the_address_meanwhile(bool hasOther)
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        user.Email = hasOther ? "ada@elsewhere.example" : null;
        var squatter = people.Keycloak.Add("mallory@example.com", "other");
        squatter.Email = "ada@example.com";
        var before = squatter.ToString();

        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal((true, 1), (user.Enabled, user.SignOuts));
        Assert.Equal(["AUDITOR", "default-roles-ledger"], user.Roles);

        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal((false, 2, user.Email), (user.Enabled, user.SignOuts, hasOther ? "ada@elsewhere.example" : null));
        Assert.True(await people.PersonAsync(person.Id) is { IsApplied: false, LastError: PersonApplying.AddressUnavailable });
        Assert.Equal(before, squatter.ToString());
    }

    [PostgresFact]
    public async Task Everybody_is_applied_once_more_when_Keycloak_forgot_them_and_what_is_wanted_stays_as_it_is()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        var disabled = await people.JoinedAsync(PeopleUnderTest.Ada with { Email = "bob@example.com" });
        await people.People.DisableAsync(PeopleUnderTest.Demo, disabled.Id, PeopleUnderTest.Admin, CancellationToken.None);
        var withdrawn = await people.InviteAsync(PeopleUnderTest.Ada with { Email = "eve@example.com" });
        await people.WorkOnAsync();
        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, withdrawn.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        var wanted = people.Keycloak.Users.Select(u => u.ToString()).ToList();

        // A backup from before: one user is missing, one has another role, one can sign in again, one was never removed.
        people.Keycloak.Users.Remove(user);
        var bob = Assert.Single(people.Keycloak.Users);
        bob.Enabled = true;
        bob.Roles.Add("CLIENT_ADMIN");
        people.Keycloak.Add("eve@example.com", "demo", enabled: false);
        await people.WorkOnAsync();
        Assert.True(bob.Enabled); // nobody was asked

        Assert.Equal(3, await people.ReapplyAsync("demo"));
        Assert.Equal(3, await people.ReapplyAsync("demo"));
        Assert.Equal(0, await people.ReapplyAsync("other"));
        await people.WorkOnAsync();
        Assert.Equal(wanted.Order(), people.Keycloak.Users.Select(u => u.ToString()).Order());
        Assert.True(await people.PersonAsync(person.Id) is { IsApplied: true, LastError: null } again && again.Version == person.Version);
        Assert.Equal(["people.apply demo 3", "people.apply demo 3"], await people.Ledger.ListAsync("""
            SELECT concat_ws(' ', e ->> 'action', e ->> 'target', e -> 'details' ->> 'people')
              FROM (SELECT convert_from(event, 'UTF8')::jsonb e FROM audit_outbox) o WHERE e ->> 'action' = 'people.apply'
            """));
    }

    [PostgresFact]
    public async Task A_change_while_the_worker_is_at_it_is_applied_by_the_same_job_before_it_ends()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        people.Keycloak.Arrived = said =>
        {
            if (said != "POST /ID/logout") return;
            people.Keycloak.Arrived = null;
            people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "CLIENT_ADMIN", PeopleUnderTest.Admin,
                CancellationToken.None).GetAwaiter().GetResult();
        };
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        var user = Assert.Single(people.Keycloak.Users);
        Assert.Equal(["CLIENT_ADMIN", "default-roles-ledger"], user.Roles);
        Assert.Equal(2, user.SignOuts);
        Assert.True((await people.PersonAsync(person.Id)).IsApplied);
    }

    [PostgresFact]
    public async Task What_others_gave_a_user_stays()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        user.Roles.Add("offline_access");
        user.Attributes["locale"] = ["de"];
        user.Links["own-sso"] = new ProviderLink("own-sso", "x", "y");
        await people.People.LinkAsync(PeopleUnderTest.Demo, person.Id, new ProviderLink("demo-sso", "1", "ada"), PeopleUnderTest.Admin,
            CancellationToken.None);
        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal("ada@example.com ada@example.com Ada Byron enabled=False verified=True "
            + "CLIENT_TECH,default-roles-ledger,offline_access locale=de,tenant=demo demo-sso:1:ada own-sso:x:y", user.ToString());

        await people.People.LinkAsync(PeopleUnderTest.Demo, person.Id, new ProviderLink("demo-sso", "2", "ada"), PeopleUnderTest.Admin,
            CancellationToken.None);
        await people.People.UnlinkAsync(PeopleUnderTest.Demo, person.Id, "own-sso", PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal("2", Assert.Single(user.Links).Value.UserId);
    }

    [PostgresFact]
    public async Task A_refusal_is_the_operators_to_mend_and_counts_and_is_said_to_the_tenant_without_details()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        people.Keycloak.Instead = request => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/users",
            StringComparison.Ordinal)
            ? FakeKeycloak.Json(403, """{"error":"HTTP 403 Forbidden"}""") : null;
        var invitation = await people.InviteAsync();
        await people.WorkAsync();
        Assert.Equal(PersonApplying.Refused, (await people.PersonAsync(invitation.PersonId)).LastError);
        Assert.Equal("config|keycloak: create user: 403 HTTP 403 Forbidden|1",
            Assert.Single(await people.Ledger.TableAsync("SELECT last_error_class, last_error, counted_attempts FROM jobs")));
        people.Keycloak.Instead = _ => null;
        await people.WorkOnAsync();
        Assert.Single(people.Sink.Mails);
    }

    [PostgresFact]
    public async Task Nobody_changes_their_own_role_or_disables_themselves_and_who_never_joined_is_not_disabled_but_revoked()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync(PeopleUnderTest.Ada with { Role = "CLIENT_ADMIN" });
        var self = new Changer("x", person.Subject);
        foreach (var act in new Func<Task>[]
                 {
                     () => people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", self, CancellationToken.None),
                     () => people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, self, CancellationToken.None),
                 })
            Assert.Equal(ProblemTypes.OwnAccount, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        var invitation = await people.InviteAsync(PeopleUnderTest.Ada with { Email = "bob@example.com" });
        foreach (var act in new Func<Task>[]
                 {
                     () => people.People.EnableAsync(PeopleUnderTest.Demo, invitation.PersonId, self, CancellationToken.None),
                     () => people.People.DisableAsync(PeopleUnderTest.Demo, invitation.PersonId, self, CancellationToken.None),
                 })
            Assert.Equal(ProblemTypes.PersonNotJoined, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        Assert.Null(await people.People.FindAsync(LedgerUnderTest.Other, person.Id, CancellationToken.None));
        Assert.Null(await people.People.DisableAsync(LedgerUnderTest.Other, person.Id, PeopleUnderTest.Admin, CancellationToken.None));
    }
}
