using System.Text;
using Ledger.Core.Checkpoints;
using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Anchoring;

/// <summary>Puts a tenant's newest checkpoint into one transparency log. It keeps nothing in memory that the next step depends on: a crash
/// anywhere is followed by the same method on the same row.</summary>
public sealed class CheckpointAnchoring(LogGate gate, LedgerDatabase database, JobQueue queue, FrozenBytes frozen, AnchorSigning signing,
    IHighWaterMarkStore marks, AnchorSubmission submission, AnchorAttempt attempt, ILogger<CheckpointAnchoring> log) : IJobHandler
{
    // Submissions wait for a log of seconds; more at once than this would only make it slower.
    private const int AtOnce = 16;

    private static readonly TimeSpan NotNow = TimeSpan.FromSeconds(5);

    private readonly ShownCheckpoint shown = new(database, marks);

    public string Queue => JobQueues.CheckpointAnchors;

    public string TransparencyLog { get; } = gate.Log.Trusted.LogId.ToHex();

    public int Concurrency => AtOnce;

    public ValueTask<int> RoomAsync(CancellationToken cancel) => gate.RoomAsync(AtOnce, reserve: 0, cancel);

    // 1. The claim leased the row: committed before this begins.
    public Task HandleAsync(Job job, CancellationToken cancel) =>
        attempt.RunAsync(gate, job, AnchorKind.Checkpoint, () => AnchorAsync(job, cancel), cancel);

    private async Task<bool> AnchorAsync(Job job, CancellationToken cancel)
    {
        var (tenant, epoch) = (job.Tenant, job.Epoch ?? throw new InvalidDataException("A checkpoint job without epoch."));
        var at = await AnchorableLog.FindAsync(database, tenant, epoch, TransparencyLog, job.Position, cancel)
            ?? throw new InvalidDataException($"{tenant} has no epoch {epoch}.");
        if (at.Policy == AnchorMode.Off) throw new JobPostponedException(NotNow, "the tenant's policy is off");

        if (job.FrozenSignature is null)
        {
            // 2. Choose the newest checkpoint. The older ones need no anchor of their own, and a closed epoch that was found wanting none.
            if (at.Checkpoint is null || at.Checkpoint.Size <= at.Covered || at is { Halted: not null, IsCurrent: false })
            {
                await DropAsync(job, cancel);
                return false;
            }
            // A log that is halted is the integrators' to judge.
            if (at.Halted is not null) throw new JobPostponedException(NotNow, $"the log is halted: {at.Halted}");
            await shown.RequireAsync(tenant, epoch, at.Checkpoint, at.Note!, cancel);

            // 3. Sign its body and keep size and signature: whatever happens from here on, these bytes and no others are sent.
            var (key, signature) = await signing.SignAsync(tenant, epoch, KeyPurpose.Anchor, DigestOf(at.Checkpoint),
                at.Checkpoint.Size, cancel);
            job = await frozen.FreezeSignatureAsync(job, at.Checkpoint.Size, signature, key.KeyId, cancel);
        }

        var checkpoint = at.Checkpoint ?? throw new InvalidDataException($"{tenant}/{epoch} has no checkpoint {job.Position}.");
        var spki = await signing.SpkiOfAsync(tenant, KeyPurpose.Anchor, job.FrozenKeyId!, cancel);
        var logged = new LogSubmission(LogSubmissionKind.HashedRekord, DigestOf(checkpoint), job.FrozenSignature!, spki);
        await submission.RunAsync(gate, job, new AnchorContent(AnchorKind.Checkpoint, logged, null, KeyPurpose.Anchor, job.FrozenKeyId),
            reserve: 0, cancel);
        log.LogInformation("Entry {First}..{Last} of {Tenant} anchored to Rekor", at.Covered, checkpoint.Size - 1, tenant);
        return true;
    }

    // Covered meanwhile, by a job that was replayed, or closed: there is nothing to do and nothing to show.
    private async Task DropAsync(Job job, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        await queue.CompleteAsync(transaction, job, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static Digest DigestOf(Checkpoint checkpoint) => Digest.Sha256(Encoding.UTF8.GetBytes(checkpoint.Body()));
}
