using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>A tenant's people: shown and changed. A change is wanted from the moment this returns; that Keycloak has it, the person's
/// <see cref="Person.IsApplied"/> says later. What is so already changes nothing and is not audited.</summary>
public sealed class PeopleStore(LedgerDatabase database, PersonJobs jobs, AuditOutbox audit, TimeProvider time)
{
    /// <summary>Aliases that a person's row speaks of.</summary>
    public const int MostLinks = 32;

    /// <summary>Newest first, after a place where one is given; nobody whose invitation ended.</summary>
    public async Task<IReadOnlyList<Person>> ListAsync(TenantId tenant, (DateTimeOffset CreatedAt, Guid Id)? after, int limit,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT {Person.Columns} FROM people p
             WHERE p.tenant_id = $1 AND NOT p.withdrawn AND ($2::timestamptz IS NULL OR (p.created_at, p.id) < ($2, $3))
             ORDER BY p.created_at DESC, p.id DESC LIMIT $4
            """, cancel, Text(tenant.Value), Time(after?.CreatedAt), Id(after?.Id ?? Guid.Empty), Int(limit));
        var found = new List<Person>();
        while (await reader.ReadAsync(cancel)) found.Add(Person.Read(reader));
        return found;
    }

    /// <returns>Null where the tenant has no such person.</returns>
    public async Task<Person?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await PersonRows.FindAsync(transaction, tenant, id, cancel) is { Withdrawn: false } person ? person : null;
    }

    /// <summary>Gives the one role, and ends the sessions that hold the old one.</summary>
    /// <returns>Null where the tenant has no such person.</returns>
    /// <exception cref="LedgerProblemException">invalid-field, own-account; as for every change, forbidden and, but for disabling and
    /// unlinking, tenant-suspended.</exception>
    public Task<Person?> ChangeRoleAsync(TenantId tenant, Guid id, string role, Changer by, CancellationToken cancel)
    {
        PersonText.CheckRole(role);
        return ChangeAsync(tenant, id, by, new AuditEvent(by.Principal, "person.role", id.ToString(),
            new Dictionary<string, string> { ["role"] = role }), person =>
        {
            RefuseOwn(person, by);
            return person.Role == role ? null : new Change("role = $4, sign_out_version = version + 1", Text(role));
        }, cancel);
    }

    /// <summary>Lets the person in no more; their tokens are refused here within two seconds, and their sessions end.</summary>
    /// <exception cref="LedgerProblemException">own-account; person-not-joined: revoke the invitation instead.</exception>
    public Task<Person?> DisableAsync(TenantId tenant, Guid id, Changer by, CancellationToken cancel) =>
        ChangeAsync(tenant, id, by, new AuditEvent(by.Principal, "person.disable", id.ToString()), person =>
        {
            RefuseOwn(person, by);
            RefuseNotJoined(person);
            return person.Enabled ? new Change("enabled = $4, sign_out_version = version + 1", Flag(false)) : null;
        }, cancel, whenSuspended: true);

    /// <summary>Lets a disabled person in again.</summary>
    /// <exception cref="LedgerProblemException">person-not-joined, too-many-people.</exception>
    public Task<Person?> EnableAsync(TenantId tenant, Guid id, Changer by, CancellationToken cancel) =>
        ChangeAsync(tenant, id, by, new AuditEvent(by.Principal, "person.enable", id.ToString()), person =>
        {
            RefuseNotJoined(person);
            return person.Enabled ? null : new Change("enabled = $4", Flag(true), AddsOne: true);
        }, cancel);

    /// <summary>Links a foreign identity, or replaces the link of that alias.</summary>
    /// <exception cref="LedgerProblemException">invalid-field, identity-provider-not-allowed.</exception>
    public Task<Person?> LinkAsync(TenantId tenant, Guid id, ProviderLink link, Changer by, CancellationToken cancel)
    {
        PersonText.Check(link);
        return ChangeAsync(tenant, id, by, Linked(by, "person.link", id, link.Alias, link.UserId), person =>
        {
            if (person.Links.GetValueOrDefault(link.Alias) == link) return null;
            RefuseManyLinks(person, link.Alias);
            return new Change("links = links || $4", Json(LinksJson.Write(link.Alias, link)), Link: link);
        }, cancel);
    }

    /// <summary>Removes a link; one that only Keycloak knows, too.</summary>
    public Task<Person?> UnlinkAsync(TenantId tenant, Guid id, string alias, Changer by, CancellationToken cancel) =>
        !PersonText.IsAlias(alias) ? Task.FromResult<Person?>(null)
            : ChangeAsync(tenant, id, by, Linked(by, "person.unlink", id, alias), person =>
            {
                if (person.Links.TryGetValue(alias, out var link) && link is null) return null;
                RefuseManyLinks(person, alias);
                return new Change("links = links || $4", Json(LinksJson.Write(alias, null)));
            }, cancel, whenSuspended: true);

    private async Task<Person?> ChangeAsync(TenantId tenant, Guid id, Changer by, AuditEvent what, Func<Person, Change?> change,
        CancellationToken cancel, bool whenSuspended = false)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var limits = await TenantLimits.HoldAsync(transaction, tenant, cancel);
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        if (!whenSuspended) limits.RequireNotSuspended();
        if (await PersonRows.HoldAsync(transaction, tenant, id, cancel) is not { Withdrawn: false } person) return null;
        if (change(person) is not { } wanted) return person;
        PersonText.CheckAllowed(wanted.Link, limits);
        if (wanted.AddsOne) await PersonRows.CheckRoomAsync(transaction, tenant, limits, cancel);
        await transaction.ExecuteAsync($"""
            UPDATE people SET version = version + 1, changed_at = $3, {wanted.Sql} WHERE tenant_id = $1 AND id = $2
            """, cancel, Text(tenant.Value), Id(id), Time(time.GetUtcNow()), wanted.Value);
        await audit.WriteAsync(transaction, tenant, what, cancel);
        await jobs.ApplyAsync(transaction, tenant, id, cancel);
        var changed = await PersonRows.FindAsync(transaction, tenant, id, cancel);
        await transaction.CommitAsync(cancel);
        return changed;
    }

    // The hash: whoever knows the id at the provider can tell that it was this one, and the trail tells nobody else.
    private static AuditEvent Linked(Changer by, string action, Guid id, string alias, string? userId = null)
    {
        var details = new Dictionary<string, string> { ["alias"] = alias };
        if (userId is not null) details["user_id_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(userId)));
        return new AuditEvent(by.Principal, action, id.ToString(), details);
    }

    private static void RefuseOwn(Person person, Changer by)
    {
        if (person.Subject is not null && person.Subject == by.Subject)
            throw new LedgerProblemException(ProblemTypes.OwnAccount, "Another administrator of the tenant has to do that.");
    }

    private static void RefuseManyLinks(Person person, string alias)
    {
        if (person.Links.Count >= MostLinks && !person.Links.ContainsKey(alias))
            throw new LedgerProblemException(ProblemTypes.InvalidField, $"A person has at most {MostLinks} links, removed ones included.",
                "alias");
    }

    private static void RefuseNotJoined(Person person)
    {
        if (person.JoinedAt is null)
            throw new LedgerProblemException(ProblemTypes.PersonNotJoined, "The person was invited and has not accepted: see invitations.");
    }

    /// <param name="Sql">What is set besides; $4 is the value.</param>
    /// <param name="AddsOne">Whether there is one more person of those that the tenant's limit counts.</param>
    /// <param name="Link">What is linked; null for nothing.</param>
    private sealed record Change(string Sql, Npgsql.NpgsqlParameter Value, bool AddsOne = false, ProviderLink? Link = null);
}
