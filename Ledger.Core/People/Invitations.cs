using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Invites. The rows say what is wanted; the workers make the user, disabled, and then mail the code.</summary>
public sealed class Invitations(PersonJobs jobs, AuditOutbox audit, IdSource ids, TimeProvider time)
{
    /// <summary>Invites in the caller's transaction; audited as <c>person.invite</c> with the person's id, role
    /// and the alias of a link.</summary>
    /// <param name="transaction">Of the tenant; in the role of the API, the workers or the operators.</param>
    /// <param name="by">Who invites; an operator without a subject.</param>
    /// <exception cref="LedgerProblemException">invalid-field, forbidden, tenant-suspended, identity-provider-not-allowed, person-exists,
    /// invitation-open, too-many-people, rate-limited.</exception>
    public async Task<Invitation> InviteAsync(LedgerTransaction transaction, TenantId tenant, NewPerson person, Changer by,
        CancellationToken cancel)
    {
        PersonText.Check(person);
        person = person with { Email = person.Email.ToLowerInvariant() };
        // The tenant's row is held: invitations of a tenant follow one another, and the counts below stay true.
        var limits = await TenantLimits.HoldAsync(transaction, tenant, cancel);
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        limits.RequireNotSuspended();
        PersonText.CheckAllowed(person.Link, limits, "identity_provider.");
        var now = time.GetUtcNow();
        await InvitationLimits.CheckTenantAsync(transaction, tenant, now, cancel);
        var known = await PersonRows.HoldByEmailAsync(transaction, tenant, person.Email, cancel);
        if (known is not null) await MakeRoomAsync(transaction, known, now, cancel);
        if (known is not { Withdrawn: false }) await PersonRows.CheckRoomAsync(transaction, tenant, limits, cancel);

        var id = known?.Id ?? ids.NewId(now);
        var written = await transaction.ExecuteAsync(known is null ? InsertSql : AgainSql, cancel, Text(tenant.Value), Id(id),
            Text(person.Email), Text(person.FirstName), Text(person.LastName), Text(person.Role),
            Json(person.Link is { } link ? LinksJson.Write(link.Alias, link) : "{}"), Time(now));
        if (written == 0) throw Exists(); // adopted at this moment, by workers, who do not wait for the tenant's row
        await InvitationLimits.CountMailAsync(transaction, tenant, id, now, ProblemTypes.RateLimited, cancel);
        var invitation = new Invitation(tenant, ids.NewId(now), id, person.Email, person.Role, InvitationState.Pending, 1, 0,
            by.Principal, now, null, null, null, null, false, null);
        await transaction.ExecuteAsync("""
            INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, cancel, Text(tenant.Value), Id(invitation.Id), Id(id), Text(person.Email), Text(person.Role), Text(by.Principal),
            Time(now));
        await audit.WriteAsync(transaction, tenant, new AuditEvent(by.Principal, "person.invite", id.ToString(), Details(person)), cancel);
        await jobs.ApplyAsync(transaction, tenant, id, cancel);
        return invitation;
    }

    // As person.role and person.link tell: the address and the id at the provider are not for the trail.
    private static Dictionary<string, string> Details(NewPerson person)
    {
        var details = new Dictionary<string, string> { ["role"] = person.Role };
        if (person.Link is { } link) details["alias"] = link.Alias;
        return details;
    }

    private const string InsertSql = """
        INSERT INTO people (tenant_id, id, email, first_name, last_name, role, links, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        ON CONFLICT DO NOTHING
        """;

    // Invited before, and never joined: the same person, with what is said of them now and with nothing of what was said before. Earlier
    // links are to be gone, since Keycloak may have them. $3 is theirs already.
    private const string AgainSql = """
        UPDATE people SET first_name = $4, last_name = $5, role = $6, withdrawn = false, version = version + 1, changed_at = $8,
                          links = (SELECT coalesce(jsonb_object_agg(alias, NULL), '{}') FROM jsonb_object_keys(links) alias) || $7,
                          last_error = NULL
         WHERE tenant_id = $1 AND id = $2 AND lower(email) = $3
        """;

    private static async Task MakeRoomAsync(LedgerTransaction transaction, Person known, DateTimeOffset now, CancellationToken cancel)
    {
        if (known.JoinedAt is not null) throw Exists();
        if (await PersonRows.FindOpenAsync(transaction, known.Tenant, known.Id, cancel) is not { } open) return;
        if (open.StateAt(now) != InvitationState.Expired)
            throw new LedgerProblemException(ProblemTypes.InvitationOpen,
                $"Invitation {open.Id} is open for this address: resend or revoke it.", "email");
        await transaction.ExecuteAsync(
            "UPDATE invitations SET state = 'expired' WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'sent')", cancel,
            Text(known.Tenant.Value), Id(open.Id));
    }

    private static LedgerProblemException Exists() =>
        new(ProblemTypes.PersonExists, "The tenant has a person of this address.", "email");
}
