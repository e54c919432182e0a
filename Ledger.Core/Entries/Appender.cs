using System.Collections.Concurrent;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>The life of an append inside a process: statement, signature, group commit.</summary>
public sealed class Appender(EntryPreparation preparation, EntrySigner signer, ChainWriter writer, KeptAnswers answers,
    AppendMetrics? metrics = null)
{
    // A retired key is replaced by a rotation; a signer that still signs with it after this many tries was not rotated.
    internal const int SigningTries = 2;

    private readonly ConcurrentDictionary<TenantId, AppendLane> lanes = new();

    /// <summary>Appends one entry; when this returns, the entry is durable.</summary>
    /// <exception cref="LedgerProblemException">Nothing was written, unless it is database-unavailable: then it may have been,
    /// and an Idempotency-Key tells.</exception>
    public async Task<StoredEntry> AppendAsync(TenantId tenant, AppendItem item, IdempotencyClaim? claim, CancellationToken cancel)
    {
        var results = await AppendAllAsync(tenant, [new AppendBodyItem(item, null)], claim, cancel);
        return results[0].Entry!;
    }

    /// <summary>Appends a batch; the accepted items are in one transaction, with consecutive seqs.</summary>
    public Task<IReadOnlyList<AppendResult>> AppendBatchAsync(
        TenantId tenant, IReadOnlyList<AppendBodyItem> items, IdempotencyClaim? claim, CancellationToken cancel) =>
        AppendAllAsync(tenant, items, claim, cancel);

    private async Task<IReadOnlyList<AppendResult>> AppendAllAsync(
        TenantId tenant, IReadOnlyList<AppendBodyItem> items, IdempotencyClaim? claim, CancellationToken cancel)
    {
        var begun = CallMetrics.Begin();
        try
        {
            var (results, isRepeated) = await AppendOnceAsync(tenant, items, claim, cancel);
            metrics?.Ended(begun, isRepeated ? "repeated" : "stored");
            return results;
        }
        catch (Exception e)
        {
            metrics?.Ended(begun, AppendMetrics.OutcomeOf(e));
            throw;
        }
    }

    private async Task<(IReadOnlyList<AppendResult> Results, bool IsRepeated)> AppendOnceAsync(
        TenantId tenant, IReadOnlyList<AppendBodyItem> items, IdempotencyClaim? claim, CancellationToken cancel)
    {
        if (claim is not null && await answers.FindAsync(tenant, claim, cancel) is { } kept) return (kept, true);

        var prepared = new List<PreparedEntry>(items.Count);
        foreach (var item in items)
        {
            if (item.Item is not null) prepared.Add(preparation.Prepare(tenant, item.Item));
        }
        var refused = claim is null ? null : RefusedItems.Write(items);
        for (var tries = 1; ; tries++)
        {
            await SignAsync(prepared, cancel);
            var outcome = await CommitAsync(tenant, new Submission(prepared, claim, refused)).WaitAsync(cancel);
            switch (outcome.Status)
            {
                case CommitStatus.Stored:
                    return (Merge(items, outcome.Entries), false);
                case CommitStatus.KeyTaken when await answers.FindAsync(tenant, claim!, cancel) is { } answer:
                    return (answer, true);
                case CommitStatus.KeyRetired when tries < SigningTries:
                    continue;
                case CommitStatus.KeyRetired:
                    throw new LedgerProblemException(
                        ProblemTypes.SignerKeyRetired, "The signer signs with a retired key; nothing was written.");
                default: // the taken key expired between the two looks
                    continue;
            }
        }
    }

    /// <summary>Commits a submission in its tenant's lane. For writers that prepare and sign by themselves.</summary>
    public async Task<CommitOutcome> CommitAsync(TenantId tenant, Submission submission)
    {
        try
        {
            return await lanes.GetOrAdd(tenant, t => new AppendLane(t, writer, metrics)).CommitAsync(submission);
        }
        finally
        {
            LedgerSpans.LinkHere(submission.CommittedBy);
        }
    }

    /// <summary>Signs in place. A request is signed as a whole or not at all.</summary>
    public async Task SignAsync(IReadOnlyList<PreparedEntry> entries, CancellationToken cancel)
    {
        var outcomes = await signer.SignAsync([.. entries.Select(e => e.Pae)], cancel);
        if (outcomes.FirstOrDefault(o => o.Problem is not null).Problem is { } problem) throw new LedgerProblemException(problem);
        for (var i = 0; i < entries.Count; i++) entries[i].SignedBy(outcomes[i].Key!, outcomes[i].Signature!);
    }

    private static AppendResult[] Merge(IReadOnlyList<AppendBodyItem> items, IReadOnlyList<StoredEntry> stored)
    {
        var results = new AppendResult[items.Count];
        var next = 0;
        for (var i = 0; i < items.Count; i++)
            results[i] = items[i].Item is null ? new AppendResult(null, items[i].Problem) : new AppendResult(stored[next++], null);
        return results;
    }
}
