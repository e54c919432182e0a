using System.Net;
using Ledger.Core.People;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>A mailed code is nobody's password once its time is over, accepted or not; and a change does not wait out the pause of a
/// failure.</summary>
public sealed class CodeEndingTests
{
    [PostgresFact]
    public async Task Who_accepted_and_chose_no_password_in_time_does_not_get_in_by_the_code_any_more()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        var (code, user) = (people.MailedCode(), Assert.Single(people.Keycloak.Users));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        Assert.Equal("Account is not fully set up", people.Keycloak.SignIn(user.Username, code));

        people.Time.Advance(TimeSpan.FromDays(7));
        people.Keycloak.IsDown = true;
        Assert.Equal(1, await people.Expiry.StepAsync(CancellationToken.None));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None)); // once
        await people.WorkAsync();
        people.Keycloak.IsDown = false;
        people.Keycloak.CutAfterWrite = people.Keycloak.Writes + 1; // set, and not heard of: set again
        await people.WorkOnAsync();

        Assert.Equal("Invalid user credentials", people.Keycloak.SignIn(user.Username, code));
        Assert.True(user is { HasToChangePassword: true, Enabled: true });
        Assert.True(await people.PersonAsync(person.Id) is { IsApplied: true, LastError: null, Enabled: true });
        var random = user.Password;
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.Equal(random, user.Password); // what an operator sets later stays
    }

    [PostgresFact]
    public async Task Who_chose_a_password_keeps_it()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.JoinedAsync();
        var user = Assert.Single(people.Keycloak.Users);
        (user.Password, user.HasToChangePassword) = ("a password of their own", false);

        people.Time.Advance(TimeSpan.FromDays(7));
        await people.Expiry.StepAsync(CancellationToken.None);
        await people.WorkOnAsync();

        Assert.Equal("ok", people.Keycloak.SignIn(user.Username, "a password of their own"));
        Assert.Equal("done", await people.Ledger.ScalarAsync<string>("SELECT code_end FROM invitations"));
    }

    [PostgresFact]
    public async Task A_change_brings_the_job_that_waits_forward_but_not_to_before_what_Keycloak_asked_for()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var person = await people.JoinedAsync();
        people.Keycloak.IsDown = true;
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        for (var minute = 0; minute < 10; minute++)
        {
            people.Time.Advance(TimeSpan.FromMinutes(1));
            await people.WorkAsync();
        }
        people.Keycloak.IsDown = false;
        await people.WorkAsync();
        Assert.False((await people.PersonAsync(person.Id)).IsApplied); // it waits

        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkAsync(); // at this instant
        Assert.True(await people.PersonAsync(person.Id) is { IsApplied: true, Enabled: false });
        Assert.Equal(0, await people.Ledger.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')"));

        people.Keycloak.Instead = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
        {
            Headers = { RetryAfter = new(TimeSpan.FromSeconds(40)) },
        };
        await people.People.EnableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkAsync();
        people.Keycloak.Instead = _ => null;
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "CLIENT_TECH", PeopleUnderTest.Admin, CancellationToken.None);
        Assert.Equal(1, await people.Ledger.ScalarAsync<long>(
            "SELECT count(*) FROM jobs WHERE status = 'pending' AND next_retry_at >= not_before"));
        await people.WorkAsync();
        Assert.False((await people.PersonAsync(person.Id)).IsApplied);
        people.Time.Advance(TimeSpan.FromSeconds(40));
        await people.WorkAsync();
        Assert.True((await people.PersonAsync(person.Id)).IsApplied);
    }
}
