using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.People;

/// <summary>What the gate let in is judged again where it changes something.</summary>
public sealed class AuthorityTests
{
    private static readonly TenantId Demo = PeopleUnderTest.Demo;
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresTheory]
    [InlineData("enabled = false")]
    [InlineData("role = 'CLIENT_TECH'")]
    public async Task Who_was_disabled_or_demoted_changes_nothing_with_the_token_that_is_out(string since)
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var (anna, bert) = (await AdministratorAsync(people, "anna"), await AdministratorAsync(people, "bert"));
        var invitation = await people.InviteAsync();
        await people.Ledger.SqlAsync($"UPDATE people SET {since} WHERE subject = 'anna'");
        foreach (var act in Acts(people, bert, invitation, anna))
            Assert.Equal(ProblemTypes.Forbidden, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        Assert.Equal(1L, await people.Ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox"));
        foreach (var act in Acts(people, bert, invitation, PeopleUnderTest.Admin)) await act(); // none of the tenant's people
    }

    [PostgresFact]
    public async Task Who_is_disabled_while_their_request_waits_is_refused()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var (anna, bert) = (await AdministratorAsync(people, "anna"), await AdministratorAsync(people, "bert"));
        await using var source = NpgsqlDataSource.Create(people.Ledger.Database.Owner);
        await using var other = await source.OpenConnectionAsync();
        await using var disabling = await other.BeginTransactionAsync();
        await using (var disable = new NpgsqlCommand("""
            SELECT 1 FROM ledger.tenants WHERE tenant_id = 'demo' FOR NO KEY UPDATE;
            UPDATE ledger.people SET enabled = false WHERE subject = 'anna'
            """, other, disabling)) await disable.ExecuteNonQueryAsync();
        var acting = people.People.DisableAsync(Demo, bert.Id, anna, None);
        await people.Ledger.WaitForLockAsync(acting);
        await disabling.CommitAsync();
        Assert.Equal(ProblemTypes.Forbidden, (await LedgerUnderTest.ProblemOfAsync(() => acting)).Type);
    }

    [PostgresFact]
    public async Task Of_two_administrators_who_disable_each_other_at_once_one_stays()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var (anna, bert) = (await AdministratorAsync(people, "anna"), await AdministratorAsync(people, "bert"));
        for (var round = 0; round < 20; round++)
        {
            await people.Ledger.SqlAsync("UPDATE people SET enabled = true, role = 'CLIENT_ADMIN'");
            var acts = new[]
            {
                Task.Run(() => people.People.DisableAsync(Demo, bert.Id, anna, None)),
                Task.Run(() => round % 2 == 0 ? people.People.DisableAsync(Demo, anna.Id, bert, None)
                    : people.People.ChangeRoleAsync(Demo, anna.Id, "AUDITOR", bert, None)),
            };
            await Task.WhenAll(acts.Select(act => act.ContinueWith(_ => { }, TaskScheduler.Default)));
            Assert.Equal(1, acts.Count(act => act.IsCompletedSuccessfully));
            var refused = Assert.IsType<LedgerProblemException>(acts.Single(act => act.IsFaulted).Exception!.InnerException);
            Assert.Equal(ProblemTypes.Forbidden, refused.Problem.Type);
            Assert.Equal(1L, await people.Ledger.ScalarAsync<long>("SELECT count(*) FROM people WHERE enabled AND role = 'CLIENT_ADMIN'"));
        }
    }

    [PostgresFact]
    public async Task In_a_tenant_that_another_process_suspended_rights_are_taken_and_none_is_given()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var (anna, bert) = (await AdministratorAsync(people, "anna"), await AdministratorAsync(people, "bert"));
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        await people.Ledger.SqlAsync(
            "UPDATE tenants SET state = 'suspended', suspended_at = now(), suspended_reason = 'r' WHERE tenant_id = 'demo'");
        foreach (var act in Acts(people, bert, invitation, anna).Skip(3))
            Assert.Equal(ProblemTypes.TenantSuspended, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        Assert.Equal(ProblemTypes.InvitationInvalid,
            (await LedgerUnderTest.ProblemOfAsync(() => people.Acceptance.AcceptAsync(people.MailedCode(), None))).Type);
        foreach (var act in Acts(people, bert, invitation, anna).Take(3)) await act();
        Assert.False((await people.PersonAsync(bert.Id)).Enabled);
        Assert.Equal(InvitationState.Revoked, (await people.InvitationAsync(invitation.Id)).State);
    }

    // Disabling, revoking and unlinking first; each changes something where it is let.
    private static IEnumerable<Func<Task>> Acts(PeopleUnderTest people, Administrator whom, Invitation invitation, Changer by)
    {
        yield return () => people.People.DisableAsync(Demo, whom.Id, by, None);
        yield return () => people.Invitations.RevokeAsync(Demo, invitation.Id, by, None);
        yield return () => people.People.UnlinkAsync(Demo, whom.Id, "demo-sso", by, None);
        yield return () => people.People.EnableAsync(Demo, whom.Id, by, None);
        yield return () => people.People.ChangeRoleAsync(Demo, whom.Id, "AUDITOR", by, None);
        yield return () => people.People.LinkAsync(Demo, whom.Id, new ProviderLink("demo-sso", "1", "a"), by, None);
        yield return () => people.Invitations.InviteAsync(Demo, PeopleUnderTest.Ada with { Email = "new@example.com" }, by, None);
        yield return () => ResendAsync(people, by);
    }

    private static async Task ResendAsync(PeopleUnderTest people, Changer by)
    {
        var open = await people.Ledger.ScalarAsync<Guid>(
            "SELECT id FROM invitations WHERE state IN ('pending', 'sent')");
        await people.Invitations.ResendAsync(Demo, open, by, None);
    }

    private static async Task<Administrator> AdministratorAsync(PeopleUnderTest people, string subject)
    {
        var id = new IdSource().NewId(people.Time.GetUtcNow());
        await people.Ledger.SqlAsync($"""
            INSERT INTO people (tenant_id, id, subject, email, first_name, last_name, role, enabled, joined_at, created_at, changed_at)
            VALUES ('demo', '{id}', '{subject}', '{subject}@example.com', 'A', 'B', 'CLIENT_ADMIN', true, now(), now(), now())
            """);
        return new Administrator(id, subject);
    }

    private sealed record Administrator(Guid Id, string Subject)
    {
        public static implicit operator Changer(Administrator administrator) => new(administrator.Subject + "@ledger", administrator.Subject);
    }
}
