using System.Globalization;
using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Writes adopted users down as people.</summary>
public sealed class Adoptions(LedgerDatabase database, JobQueue queue, PersonJobs jobs, AuditOutbox audit, IdSource ids, TimeProvider time)
{
    /// <summary>Those of the subjects that are people of the tenant.</summary>
    internal async Task<IReadOnlySet<string>> KnownAsync(TenantId tenant, string[] subjects, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT subject FROM people WHERE tenant_id = $1 AND subject = ANY($2)", cancel, Text(tenant.Value), Texts(subjects));
        var known = new HashSet<string>();
        while (await reader.ReadAsync(cancel)) known.Add(reader.GetString(0));
        return known;
    }

    /// <summary>A new row; or that of the address, where it waits for nobody else. Audited as <c>person.adopt</c>.</summary>
    /// <param name="person">As Keycloak has it; with the role that it has.</param>
    internal async Task<Adoption> AdoptAsync(TenantId tenant, string subject, NewPerson person, string actor, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var known = await PersonRows.HoldByEmailAsync(transaction, tenant, person.Email, cancel);
        if (known is not null and not { JoinedAt: null, Subject: null }) return Adoption.AddressTaken;

        var id = known?.Id ?? ids.NewId(now);
        var written = await transaction.ExecuteAsync(known is null ? InsertSql : BindSql, cancel, Text(tenant.Value), Id(id), Text(subject),
            Text(person.Email), Text(person.FirstName), Text(person.LastName), Text(person.Role), Time(now));
        if (written == 0) throw new JobPostponedException(TimeSpan.Zero, "somebody wrote the same person at this moment");
        if (known is not null) await TakeOverAsync(transaction, known, actor, now, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "person.adopt", id.ToString(),
            new Dictionary<string, string> { ["role"] = person.Role, ["subject"] = subject }), cancel);
        await transaction.CommitAsync(cancel);
        return Adoption.Adopted;
    }

    /// <summary>Ends the job and says what came of it, audited as <c>person.sync.end</c>.</summary>
    /// <returns>How many people count towards the tenant's limit, and the limit.</returns>
    /// <exception cref="JobLeaseLostException"/>
    internal async Task<(long People, int? Limit)> EndAsync(Job job, string actor, IReadOnlyCollection<Adoption> seen,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        var (people, limit) = await CountAsync(transaction, job.Tenant, cancel);
        var details = new Dictionary<string, string>
        {
            ["adopted"] = Count(Adoption.Adopted), ["known"] = Count(Adoption.Known), ["no_role"] = Count(Adoption.NoRole),
            ["disabled"] = Count(Adoption.Disabled), ["incomplete"] = Count(Adoption.Incomplete),
            ["address_taken"] = Count(Adoption.AddressTaken), ["people"] = people.ToString(CultureInfo.InvariantCulture),
        };
        if (limit is { } most) details["most_people"] = most.ToString(CultureInfo.InvariantCulture);
        await audit.WriteAsync(transaction, job.Tenant, new AuditEvent(actor, "person.sync.end", job.Tenant.Value, details), cancel);
        await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
        return (people, limit);

        string Count(Adoption what) => seen.Count(outcome => outcome == what).ToString(CultureInfo.InvariantCulture);
    }

    // Keycloak has exactly this already: nothing is to be applied.
    private const string InsertSql = """
        INSERT INTO people (tenant_id, id, subject, email, first_name, last_name, role, enabled, adopted, version, applied_version,
                            applied_at, joined_at, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, true, true, 1, 1, $8, $8, $8, $8)
        ON CONFLICT DO NOTHING
        """;

    // Whoever invited them wanted another role, or a link to an identity provider: not given silently to whoever is there, and taken away
    // where a worker had given it already.
    private const string BindSql = """
        UPDATE people SET subject = $3, first_name = $5, last_name = $6, role = $7, enabled = true, adopted = true, withdrawn = false,
                          links = (SELECT COALESCE(jsonb_object_agg(alias, NULL), '{}') FROM jsonb_object_keys(links) alias),
                          version = version + 1, joined_at = $8, changed_at = $8, last_error = NULL
         WHERE tenant_id = $1 AND id = $2 AND lower(email) = $4
        """;

    // The invitation ends: its code must never become the password of a user who can sign in. A worker that saw the user disabled a moment
    // ago may still be writing, so the row is applied once more.
    private async Task TakeOverAsync(LedgerTransaction transaction, Person known, string actor, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (await PersonRows.FindOpenAsync(transaction, known.Tenant, known.Id, cancel) is { } open)
        {
            await transaction.ExecuteAsync("UPDATE invitations SET state = 'revoked', revoked_at = $3 WHERE tenant_id = $1 AND id = $2",
                cancel, Text(known.Tenant.Value), Id(open.Id), Time(now));
            await audit.WriteAsync(transaction, known.Tenant, new AuditEvent(actor, "invitation.revoke", open.Id.ToString()), cancel);
        }
        await jobs.ApplyAsync(transaction, known.Tenant, known.Id, cancel);
    }

    private static async Task<(long People, int? Limit)> CountAsync(LedgerTransaction transaction, TenantId tenant,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT (SELECT count(*) FROM people p WHERE p.tenant_id = t.tenant_id AND NOT withdrawn AND (enabled OR joined_at IS NULL)),
                   t.max_people FROM tenants t WHERE t.tenant_id = $1
            """, cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetIntOrNull(1)) : (0, null);
    }
}
