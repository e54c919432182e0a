using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Fail-closed: nothing is appended while the oldest entry that no transparency log covers is older than the tenant allows.
/// Asked under the head's lock, and of fail-closed tenants only: the others pay no round trip for it.</summary>
internal static class WitnessAge
{
    // Two look-ups by primary key: the highest anchored size of this epoch is the seq of the first entry beyond it.
    private const string OldestSql = """
        SELECT e.created_at FROM chain_entries e
         WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq = COALESCE(
               (SELECT max(a.position) FROM anchors a WHERE a.tenant_id = $1 AND a.epoch = $2 AND a.kind = 'checkpoint'), 0)
        """;

    /// <exception cref="LedgerProblemException">witness-unavailable.</exception>
    public static async Task RefuseAsync(
        LedgerTransaction transaction, TenantId tenant, ChainHead head, DateTimeOffset now, CancellationToken cancel)
    {
        if (head.Policy is not { Fail: FailMode.Closed, MaxAgeSeconds: { } limit }) return;
        await using var reader = await transaction.QueryAsync(OldestSql, cancel, Text(tenant.Value), Int(head.Epoch));
        if (!await reader.ReadAsync(cancel)) return; // every entry is anchored, or there is none
        if (now - reader.GetTime(0) > TimeSpan.FromSeconds(limit))
            throw new LedgerProblemException(ProblemTypes.WitnessUnavailable,
                $"The oldest entry that no transparency log covers is older than {limit} s; nothing was written.");
    }
}
