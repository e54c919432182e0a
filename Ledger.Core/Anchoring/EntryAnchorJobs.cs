using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Anchoring;

/// <summary>Jobs of the queue <c>entries.to_anchor</c>: one per entry and transparency log, enqueued in the transaction of the
/// append.</summary>
public static class EntryAnchorJobs
{
    /// <summary>args <c>{"kind":"payload"}</c> or <c>{"kind":"attestation"}</c>.</summary>
    /// <param name="kind">Payload or attestation.</param>
    /// <param name="transparencyLog">64 hex digits of the log's id.</param>
    public static NewJob Create(TenantId tenant, int epoch, long seq, AnchorKind kind, string transparencyLog, bool isPrimary) =>
        new(tenant, JobQueues.EntryAnchors, $$"""{"kind":"{{kind.SqlName()}}"}""", epoch, seq, transparencyLog, isPrimary);
}
