using Ledger.Core.People;
using Ledger.Core.Tests.People;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Notifications;

/// <summary>What an invitation waits for does not make it wait for ever.</summary>
public sealed class InvitationEndTests
{
    private static readonly TimeSpan Lifetimes = TimeSpan.FromDays(14);

    [PostgresFact]
    public async Task An_invitation_whose_mail_never_went_out_ends_two_lifetimes_after_it_was_made()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        people.Keycloak.Add("ada@example.com", "other");
        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        people.Time.Advance(Lifetimes - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        people.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await people.Expiry.StepAsync(CancellationToken.None));
        Assert.Equal(0, await people.Expiry.StepAsync(CancellationToken.None));
        Assert.Equal(InvitationState.Expired, (await people.InvitationAsync(invitation.Id)).State);
        await people.WorkOnAsync();
        Assert.True(Assert.Single(people.Keycloak.Users) is { Enabled: true });
    }

    [PostgresFact]
    public async Task A_mail_that_waits_for_Keycloak_is_looked_at_ever_less_often_and_goes_out_in_the_end()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        people.Keycloak.IsDown = true;
        var invitation = await people.InviteAsync();
        await people.Ledger.SqlAsync("INSERT INTO jobs (tenant_id, id, queue, args, created_at, next_retry_at) "
            + $$"""SELECT tenant_id, gen_random_uuid(), 'notifications.to_send', '{"invitation":"{{invitation.Id}}"}', created_at, created_at """
            + "FROM invitations");
        foreach (var (minutes, pause) in new[] { (0, 5), (1, 15), (9, 60) })
        {
            people.Time.Advance(TimeSpan.FromMinutes(minutes));
            var now = people.Time.GetUtcNow();
            await people.WorkAsync();
            Assert.Equal(pause, await people.Ledger.ScalarAsync<int>($"""
                SELECT extract(epoch FROM next_retry_at - '{now:O}'::timestamptz)::int FROM jobs WHERE queue = 'notifications.to_send'
                """));
        }
        people.Keycloak.IsDown = false;
        await people.WorkOnAsync();
        Assert.Single(people.Sink.Mails);
    }
}
