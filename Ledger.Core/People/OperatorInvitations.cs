using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Operators invite into any tenant, in its name: its first administrator, or one where none is left.</summary>
public sealed class OperatorInvitations(AdminDatabase operators, Invitations invitations)
{
    /// <returns>Null where there is no such tenant that people belong to.</returns>
    /// <exception cref="Problems.LedgerProblemException">as <see cref="Invitations.InviteAsync"/>.</exception>
    public async Task<Invitation?> InviteAsync(TenantId tenant, NewPerson person, string actor, CancellationToken cancel)
    {
        if (tenant.IsReserved) return null;
        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        if (!await ExistsAsync(transaction, tenant, cancel)) return null;
        var invitation = await invitations.InviteAsync(transaction, tenant, person, new Changer(actor, null), cancel);
        await transaction.CommitAsync(cancel);
        return invitation;
    }

    private static async Task<bool> ExistsAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT 1 FROM tenants WHERE tenant_id = $1", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel);
    }
}
