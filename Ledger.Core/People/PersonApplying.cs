using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Jobs of <see cref="JobQueues.PeopleToApply"/>: Keycloak gets what the row says, and the row says what Keycloak has. Once that
/// is so, the mail goes out that waits for it.</summary>
public sealed class PersonApplying(LedgerDatabase database, KeycloakAdmin keycloak, JobQueue queue, PersonJobs jobs, TimeProvider time)
    : IJobHandler
{
    /// <summary>Shown where the address is another's.</summary>
    public const string AddressUnavailable = "address-unavailable";

    /// <summary>Shown while Keycloak cannot be reached.</summary>
    public const string Unavailable = "keycloak-unavailable";

    /// <summary>Shown where Keycloak refuses us; the job's error says how.</summary>
    public const string Refused = "keycloak-refused";

    /// <summary>Shown where the realm has no provider of a link's alias; all else is applied.</summary>
    public const string UnknownProvider = "unknown-identity-provider";

    public string Queue => JobQueues.PeopleToApply;

    public string? TransparencyLog => null;

    public int Concurrency => 4;

    public ValueTask<int> RoomAsync(CancellationToken cancel) => ValueTask.FromResult(Concurrency);

    public async Task HandleAsync(Job job, CancellationToken cancel)
    {
        var id = PersonJobs.IdOf(job.Args, "person");
        var person = await FindAsync(job.Tenant, id, cancel);
        if (person is not null && (!person.IsApplied || PersonJobs.IsAgain(job.Args)))
        {
            try
            {
                // A code that is over ends before its person may sign in, and after one who may not has lost what they had.
                if (person.Enabled) await new CodeEnding(database, keycloak).RunAsync(person, cancel);
                var applied = await new UserApplying(keycloak, person, subject => RecordAsync(person, subject, cancel)).RunAsync(cancel);
                if (!person.Enabled) await new CodeEnding(database, keycloak).RunAsync(person, cancel);
                await EndAsync(job, person, applied, cancel);
                return;
            }
            catch (KeycloakException e)
            {
                await SayAsync(person, e.Shown, cancel);
                throw e.ToJobFailure();
            }
        }
        await EndAsync(job, person, applied: null, cancel);
    }

    // Said in the transaction that ends the job, and only of the version that was applied: a change meanwhile found this job open and made
    // none, so this one goes again. Null: there was nothing to apply.
    private async Task EndAsync(Job job, Person? person, bool? applied, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        if (person is not null)
        {
            var now = await PersonRows.HoldAsync(transaction, person.Tenant, person.Id, cancel);
            if (now?.Version != person.Version) throw new JobPostponedException(TimeSpan.Zero, "the person changed meanwhile");
            if (applied is { } whole)
                await transaction.ExecuteAsync(whole ? AppliedSql : UnavailableSql, cancel, Text(person.Tenant.Value), Id(person.Id),
                    whole ? Time(time.GetUtcNow()) : Text(AddressUnavailable));
            if (applied != false && await PersonRows.FindOpenAsync(transaction, person.Tenant, person.Id, cancel) is { } open
                && open.SentGeneration < open.Generation)
                await jobs.MailAsync(transaction, person.Tenant, open.Id, cancel);
        }
        await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
    }

    // A withdrawn person's user is gone: its id is nobody's any more.
    private const string AppliedSql = """
        UPDATE people SET applied_version = version, applied_at = $3, last_error = NULL,
                          subject = CASE WHEN withdrawn THEN NULL ELSE subject END
         WHERE tenant_id = $1 AND id = $2
        """;

    private const string UnavailableSql = "UPDATE people SET last_error = $3 WHERE tenant_id = $1 AND id = $2";

    private Task RecordAsync(Person person, string subject, CancellationToken cancel) =>
        WriteAsync(person, "UPDATE people SET subject = $3 WHERE tenant_id = $1 AND id = $2", subject, cancel);

    private Task SayAsync(Person person, string error, CancellationToken cancel) => WriteAsync(person,
        "UPDATE people SET last_error = $3 WHERE tenant_id = $1 AND id = $2 AND last_error IS DISTINCT FROM $3", error, cancel);

    private async Task WriteAsync(Person person, string sql, string value, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(person.Tenant, cancel);
        await transaction.ExecuteAsync(sql, cancel, Text(person.Tenant.Value), Id(person.Id), Text(value));
        await transaction.CommitAsync(cancel);
    }

    private async Task<Person?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await PersonRows.FindAsync(transaction, tenant, id, cancel);
    }
}
