using System.Security.Cryptography;
using Ledger.Core.Jobs;
using Ledger.Core.People;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Notifications;

/// <summary>Jobs of <see cref="JobQueues.Notifications"/>: the mail of an invitation. The code exists in this process and in the mail
/// alone, so every attempt makes a new one; the newest is the one that is good.</summary>
public sealed class InvitationSending(InvitationMails mails, KeycloakAdmin keycloak, Mailer mailer, JobQueue queue,
    IOptions<PeopleOptions> people, IOptions<SmtpOptions> smtp, IOptions<LedgerOptions> ledger, TimeProvider time) : IJobHandler
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private const int AttemptDigits = 16;

    public string Queue => JobQueues.Notifications;

    public string? TransparencyLog => null;

    public int Concurrency => 4;

    public ValueTask<int> RoomAsync(CancellationToken cancel) => ValueTask.FromResult(Concurrency);

    public async Task HandleAsync(Job job, CancellationToken cancel)
    {
        var id = PersonJobs.IdOf(job.Args, "invitation");
        var found = await mails.FindAsync(job.Tenant, id, cancel);
        if (found is not ({ IsOpen: true } invitation, { Withdrawn: false } person) || invitation.SentGeneration == invitation.Generation)
        {
            await mails.CompleteAsync(job, cancel);
            return;
        }
        if (person is not { IsApplied: true, Subject: { } subject })
            throw new JobPostponedException(Pause(job), "Keycloak does not have the person yet");

        // 1. A new code, and what it is known by: from here on the one before is worthless.
        var code = InvitationCode.Make(job.Tenant, id);
        if (await mails.RecordAsync(invitation, code, people.Value.InvitationLifetime, cancel) is not { } expires)
            throw new JobPostponedException(TimeSpan.Zero, "the invitation changed meanwhile");

        // 2. Nobody else is at this for the next minute: what follows takes less, so no two codes cross.
        if (!await queue.RenewAsync(job, cancel)) throw new JobLeaseLostException();

        // 3. The code is what the person signs in with, once.
        if (!person.SignsInElsewhere)
        {
            try { await keycloak.SetTemporaryPasswordAsync(subject, code.Text, cancel); }
            catch (KeycloakException e) { throw e.ToJobFailure(); }
        }

        // 4. The mail.
        using var mail = InvitationMail.Of(invitation, person, code, ledger.Value.LogName, smtp.Value.From!, people.Value.PortalAddress,
            expires, RandomNumberGenerator.GetHexString(AttemptDigits, lowercase: true));
        await mailer.SendAsync(mail, cancel);

        // 5. It is out.
        if (!await mails.SentAsync(job, invitation, cancel))
            throw new JobPostponedException(TimeSpan.Zero, "another mail was asked for meanwhile");
    }

    // The longer it waited, the longer it waits; not for ever, since the invitation ends (InvitationExpiry) and the job with it.
    private TimeSpan Pause(Job job)
    {
        var quarter = (time.GetUtcNow() - job.CreatedAt) / 4;
        return quarter < ShortestPause ? ShortestPause : quarter > LongestPause ? LongestPause : quarter;
    }
}
