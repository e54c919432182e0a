using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;

namespace Ledger.Core.Anchoring;

/// <summary>Each entry of a tenant whose policy is <c>entry</c> brings its payload jobs along, one per transparency log, in the transaction
/// that stores it.</summary>
public sealed class PayloadRiders(TransparencyLogs logs, JobQueue queue) : IEntryRiders
{
    // Attestations have jobs of their own, and what opens an epoch has no payload.
    public void Add(TenantId tenant, Riding riding)
    {
        if (riding.Policy.Anchor != AnchorMode.Entry || logs.All.Count == 0) return;
        var jobs = (from entry in riding.Entries
                    where entry.PredicateType == PredicateTypes.Entry
                    from log in logs.All
                    select EntryAnchorJobs.Create(tenant, entry.Epoch, entry.Seq, AnchorKind.Payload, log.Trusted.LogId.ToHex(),
                        log.Ordinal == 0)).ToList();
        if (jobs.Count > 0) queue.Add(riding.Batch, jobs);
    }
}
