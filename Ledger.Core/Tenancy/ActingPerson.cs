using Ledger.Core.Problems;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenancy;

/// <summary>Who asks for a change.</summary>
/// <param name="Principal">For the audit trail.</param>
/// <param name="Subject">The token's <c>sub</c>; null where it has none.</param>
public sealed record Changer(string Principal, string? Subject);

/// <summary>Whether the caller still administers the tenant at the instant of the change. The request was let in by a token, which knows
/// what was so when it was made, and by a standing that is seconds old.</summary>
public static class ActingPerson
{
    /// <summary>Refuses a person who was disabled or has another role by now. Who is none of the tenant's people (a user that an operator
    /// made, a service account) has no row, and passes.</summary>
    /// <param name="transaction">Holds the tenant's row (<see cref="TenantLimits.HoldAsync"/>), as whoever changes a person does: of two
    /// administrators who disable each other, the second is refused.</param>
    /// <param name="subject">The token's <c>sub</c>; null where it has none.</param>
    /// <exception cref="LedgerProblemException">forbidden.</exception>
    public static async Task CheckAsync(LedgerTransaction transaction, TenantId tenant, string? subject, CancellationToken cancel)
    {
        if (subject is null) return;
        await using var reader = await transaction.QueryAsync(
            "SELECT enabled AND role = 'CLIENT_ADMIN' FROM people WHERE tenant_id = $1 AND subject = $2", cancel, Text(tenant.Value),
            Text(subject));
        if (await reader.ReadAsync(cancel) && !reader.GetBoolean(0))
            throw new LedgerProblemException(ProblemTypes.Forbidden, "The caller does not administer the tenant any more.");
    }
}
