using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>What one job submits; the same bytes in every attempt.</summary>
/// <param name="Submission">As the log takes it.</param>
/// <param name="Envelope">Of an attestation.</param>
/// <param name="KeyId">Our key, whose range opens with the first thing stored under it; null where a third party signed.</param>
public sealed record AnchorContent(AnchorKind Kind, LogSubmission Submission, DsseEnvelope? Envelope, KeyPurpose? Purpose, string? KeyId);

/// <summary>The second half of every anchor job, from frozen bytes to a stored anchor. The first half chose and signed.</summary>
public sealed class AnchorSubmission(LedgerDatabase database, JobQueue queue, FrozenBytes frozen, TimestampClient timestamps,
    LogWatch watch, TransparencyLogs logs, TimeProvider time)
{
    /// <summary>Submits and stores. A crash at any step is followed by the same steps on the same row: what was logged already is found
    /// again by its bytes.</summary>
    /// <param name="reserve">The share of the log's budget that is left for others.</param>
    /// <exception cref="LogException">Not logged, or not proved to be.</exception>
    /// <exception cref="JobPostponedException">The log's budget is used up.</exception>
    /// <exception cref="JobLeaseLostException">It is another worker's.</exception>
    public async Task<StoredAnchor> RunAsync(LogGate gate, Job job, AnchorContent content, double reserve, CancellationToken cancel)
    {
        var log = gate.Log;

        // 4. A v2 log gives no time of its own: a timestamp over the frozen signature, kept before anything is submitted.
        if (log.Version == 2 && job.FrozenTimestamp is null)
        {
            var token = await timestamps.StampAsync(job.FrozenSignature!, cancel);
            watch.CompareClock(logs.Root, token, job.FrozenSignature!);
            job = await frozen.FreezeTimestampAsync(job, token, cancel);
        }

        // 5. Submit. From here on the log may hold it, whatever we hear of that; the same bytes again are the same entry.
        await gate.TakeAsync(reserve, cancel);
        var logged = await log.SubmitAsync(content.Submission, cancel);

        // 6. Judge it: the log against what it showed before, the file as its readers will.
        await watch.AdmitAsync(log, logged, cancel);
        var bundle = AnchorBundle.Make(content.Submission, logged.Entry, content.Envelope, job.FrozenTimestamp, logs.Root);

        // 7. Anchor and done job, both or neither.
        var anchor = Anchor(log, job, content.Kind, logged, bundle);
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        await AnchorStore.InsertAsync(transaction, anchor, cancel);
        if (content is { KeyId: { } keyId, Purpose: { } purpose })
            await KeyRangeStore.OpenAsync(transaction, job.Tenant, anchor.Epoch, purpose, keyId, anchor.Position, cancel);
        await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
        return anchor;
    }

    private StoredAnchor Anchor(ITransparencyLog log, Job job, AnchorKind kind, LoggedEntry logged, byte[] bundle)
    {
        var entry = logged.Entry;
        return new StoredAnchor(job.Tenant, job.Epoch!.Value, kind, job.Position!.Value, log.Trusted.LogId.ToHex(), entry.LogIndex,
            log.Backend, logged.EntryId, MerkleHash.Leaf(entry.CanonicalizedBody),
            entry.IntegratedTime == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(entry.IntegratedTime), entry.Inclusion.TreeSize,
            entry.Inclusion.RootHash, entry.Inclusion.Checkpoint, entry.Inclusion.Hashes, logged.Raw, bundle, time.GetUtcNow());
    }
}
