using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Reads and takes hold of people and invitations, in the caller's transaction.</summary>
internal static class PersonRows
{
    public static async Task<Person?> FindAsync(LedgerTransaction transaction, TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            $"SELECT {Person.Columns} FROM people p WHERE p.tenant_id = $1 AND p.id = $2", cancel, Text(tenant.Value), Id(id));
        return await reader.ReadAsync(cancel) ? Person.Read(reader) : null;
    }

    /// <summary>The same, and nobody else changes it until the transaction ends.</summary>
    public static async Task<Person?> HoldAsync(LedgerTransaction transaction, TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            $"SELECT {Person.Columns} FROM people p WHERE p.tenant_id = $1 AND p.id = $2 FOR UPDATE", cancel, Text(tenant.Value), Id(id));
        return await reader.ReadAsync(cancel) ? Person.Read(reader) : null;
    }

    public static async Task<Person?> HoldByEmailAsync(LedgerTransaction transaction, TenantId tenant, string email,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            $"SELECT {Person.Columns} FROM people p WHERE p.tenant_id = $1 AND lower(p.email) = $2 FOR UPDATE", cancel, Text(tenant.Value),
            Text(email));
        return await reader.ReadAsync(cancel) ? Person.Read(reader) : null;
    }

    public static async Task<Invitation?> FindInvitationAsync(LedgerTransaction transaction, TenantId tenant, Guid id,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            $"SELECT {Invitation.Columns} FROM {Invitation.Source} WHERE i.tenant_id = $1 AND i.id = $2", cancel, Text(tenant.Value),
                Id(id));
        return await reader.ReadAsync(cancel) ? Invitation.Read(reader) : null;
    }

    public static async Task<Invitation?> FindOpenAsync(LedgerTransaction transaction, TenantId tenant, Guid person,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT {Invitation.Columns} FROM {Invitation.Source}
             WHERE i.tenant_id = $1 AND i.person_id = $2 AND i.state IN ('pending', 'sent')
            """, cancel, Text(tenant.Value), Id(person));
        return await reader.ReadAsync(cancel) ? Invitation.Read(reader) : null;
    }

    /// <param name="limits">Held, so that what is counted stays so until the transaction ends.</param>
    /// <exception cref="LedgerProblemException">too-many-people: one more would be more than the tenant may have.</exception>
    public static async Task CheckRoomAsync(LedgerTransaction transaction, TenantId tenant, TenantLimits limits, CancellationToken cancel)
    {
        if (limits.People is not { } most) return;
        await using var reader = await transaction.QueryAsync("""
            SELECT count(*) FROM people WHERE tenant_id = $1 AND NOT withdrawn AND (enabled OR joined_at IS NULL)
            """, cancel, Text(tenant.Value));
        await reader.ReadAsync(cancel);
        if (reader.GetInt64(0) >= most)
            throw new LedgerProblemException(ProblemTypes.TooManyPeople,
                $"The tenant may have {most} people who are not disabled, invited ones among them.");
    }
}
