using Ledger.Core.Checkpoints;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Verification;

/// <summary>Whether the latest checkpoint is signed, and is of the tree that is stored.</summary>
internal static class CheckpointCheck
{
    /// <param name="rebuilt">The root at the checkpoint's size, recomputed from all entries, where the whole log went by.</param>
    public static async Task<ChainMismatch?> RunAsync(LedgerTransaction transaction, ChainState state, Digest? rebuilt,
        CancellationToken cancel)
    {
        var heads = state.Heads;
        if (heads.TreeSize == 0 && state.Checkpoint is null) return null;
        var wrong = new ChainMismatch(MismatchReason.ChainHashMismatch, Math.Max(0, heads.TreeSize - 1));
        if (state.Checkpoint is not { } checkpoint || checkpoint.Size != heads.TreeSize || checkpoint.Root != heads.Root) return wrong;
        if (!EdgeGives(heads) || (rebuilt is not null && rebuilt != checkpoint.Root)) return wrong;
        if (await TilesRootAsync(transaction, heads, cancel) != checkpoint.Root) return wrong;

        var keys = await LogKeys.ReadAsync(transaction, heads.Log.Tenant, heads.Log.Epoch, KeyPurpose.Checkpoint, cancel);
        var signed = Note.TryParse(checkpoint.Note, out var note, out _)
            && note.Text == new Checkpoint(heads.Origin, checkpoint.Size, checkpoint.Root).Body()
            && keys.At(checkpoint.KeyId, checkpoint.Size) is { } key
            && new VerifierKey(heads.Origin, key.Ed25519PublicKey).Verify(note) is null;
        return signed ? null : wrong;
    }

    private static bool EdgeGives(LogHeads heads)
    {
        try { return RightEdge.Restore(heads.TreeSize, heads.RightEdge).Root() == heads.Root; }
        catch (FormatException) { return false; }
    }

    private static async Task<Digest?> TilesRootAsync(LedgerTransaction transaction, LogHeads heads, CancellationToken cancel)
    {
        try { return await TileReader.RootAsync(transaction, heads.Log.Tenant, heads.Log.Epoch, heads.TreeSize, cancel); }
        catch (InvalidDataException) { return null; }
    }
}
