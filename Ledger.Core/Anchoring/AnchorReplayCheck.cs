using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Whether a dead-lettered anchor is still wanted: its tenant's policy has not changed its mind, and its transparency log is
/// configured and not quarantined.</summary>
public sealed class AnchorReplayCheck(string queue) : IReplayCheck
{
    public string Queue => queue;

    public async Task<string?> RefusalAsync(LedgerTransaction transaction, DeadLetter letter, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT t.anchor_policy, l.ordinal IS NOT NULL, l.quarantined_at IS NOT NULL
              FROM tenants t LEFT JOIN transparency_logs l ON l.tl_log_id = $2 WHERE t.tenant_id = $1
            """, cancel, Text(letter.Tenant.Value), Text(letter.TransparencyLog));
        if (!await reader.ReadAsync(cancel)) return "there is no such tenant";
        var policy = AnchorPolicyNames.AnchorOf(reader.GetString(0));
        if (policy == AnchorMode.Off) return "the tenant's policy is off";
        if (queue == JobQueues.EntryAnchors && policy != AnchorMode.Entry && EntryAnchoring.KindOf(letter.Args) == AnchorKind.Payload)
            return "the tenant's policy is not entry: its payload hashes are not to be public any more";
        if (!reader.GetBoolean(1)) return "its transparency log is configured no more";
        return reader.GetBoolean(2) ? "its transparency log is quarantined" : null;
    }
}
