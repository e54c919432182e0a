using Ledger.Core.Checkpoints;
using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify.Checkpoints;

namespace Ledger.Core.Anchoring;

/// <summary>Whether a checkpoint that was read from a row is one that this log showed. A row can be altered, a transparency log cannot:
/// what is put there must not rest on the row alone.</summary>
internal sealed class ShownCheckpoint(LedgerDatabase database, IHighWaterMarkStore marks)
{
    /// <exception cref="JobFailedException">It is not, or not yet: nothing may be signed. Class network where the mark says so, which the
    /// integrators set right or judge; config where the row itself is wrong.</exception>
    /// <exception cref="IOException">The store of marks cannot be reached.</exception>
    public async Task RequireAsync(TenantId tenant, int epoch, Checkpoint checkpoint, string note, CancellationToken cancel)
    {
        // 1. The mark: what is further than it was perhaps never shown, and at its own size it names the root.
        var mark = (await marks.ReadAsync(tenant, epoch, cancel))?.Mark;
        var lacking = mark is null ? "the log has no high-water mark"
            : mark.Size < checkpoint.Size ? $"the high-water mark is at {mark.Size}, the checkpoint at {checkpoint.Size}"
            : mark.Size == checkpoint.Size && mark.Root != checkpoint.Root ? $"the high-water mark has another root at {mark.Size}"
            : null;
        if (lacking is not null) throw new JobFailedException(JobErrorClass.Network, lacking);

        // 2. Below the mark, our own signature vouches: by a key that is this log's at that size, as in its trust file.
        if (!Note.TryParse(note, out var signed, out _) || signed.Text != checkpoint.Body())
            throw Altered(checkpoint, "its note says something else");
        if (!await IsSignedAsync(tenant, epoch, checkpoint, signed, cancel)) throw Altered(checkpoint, "no key of the log signed its note");
    }

    private async Task<bool> IsSignedAsync(TenantId tenant, int epoch, Checkpoint checkpoint, Note note, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var valid = (await KeyRangeStore.ListAsync(transaction, tenant, epoch, KeyPurpose.Checkpoint, cancel))
            .Where(range => range.From <= checkpoint.Size && (range.To is null || checkpoint.Size <= range.To))
            .Select(range => range.KeyId).ToHashSet();
        return (await SigningKeyStore.ListAsync(transaction, null, cancel))
            .Where(key => key.Purpose == KeyPurpose.Checkpoint && valid.Contains(key.KeyId))
            .Any(key => new VerifierKey(checkpoint.Origin, key.Ed25519PublicKey).Verify(note) is null);
    }

    private static JobFailedException Altered(Checkpoint checkpoint, string how) =>
        new(JobErrorClass.Config, $"the stored checkpoint of {checkpoint.Size} entries is not as it was shown: {how}");
}
