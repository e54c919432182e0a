using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Microsoft.Extensions.Logging;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Judges a claimed log against itself and against its mark, and computes its next step. Signs and stores nothing; moves only a mark that fell behind.</summary>
internal sealed class TreePlanner(LedgerDatabase database, IHighWaterMarkStore marks, SigningKeyRegistry keys, KeyNames names, ILogger log)
{
    /// <summary>Entries in one step, so that memory and transactions stay small however long a log waited.</summary>
    public const int MaxStep = 65_536;

    /// <summary>The next step, or null where the tree is level with the log.</summary>
    /// <exception cref="LogHaltException">The log must not be signed.</exception>
    /// <exception cref="IOException">The store of marks cannot be reached: nothing can be said of the log.</exception>
    public async Task<TreeStep?> PlanAsync(TreeClaim claim, CancellationToken cancel)
    {
        var edge = RestoreEdge(claim);
        var mark = await marks.ReadAsync(claim.Tenant, claim.Epoch, cancel);
        if (mark is null)
        {
            if (claim.NextSeq == 0 && claim.TreeSize == 0) return null;
            throw LogHaltException.RolledBack("the log has no high-water mark; only making the tenant creates one");
        }

        var size = mark.Mark.Size;
        if (claim.NextSeq < size) throw LogHaltException.RolledBack($"the log has {claim.NextSeq} entries, but a checkpoint of {size} was shown");
        if (claim.NextSeq < claim.TreeSize) throw LogHaltException.RolledBack($"the log has {claim.NextSeq} entries, but its tree has {claim.TreeSize}");

        await using var transaction = await database.BeginAsync(claim.Tenant, cancel);
        if (size < claim.TreeSize) mark = await CatchUpMarkAsync(transaction, claim, mark, cancel);
        else if (size == claim.TreeSize && mark.Mark.Root != claim.Root) throw LogHaltException.RolledBack($"another root was shown at size {size}");
        if (claim.NextSeq == claim.TreeSize) return null;

        var target = size > claim.TreeSize ? size : Math.Min(claim.NextSeq, claim.TreeSize + MaxStep);
        var tiles = await AppendAsync(transaction, claim, edge, target, cancel);
        var recovered = size > claim.TreeSize ? await RecoverAsync(transaction, claim, mark.Mark, edge.Root(), cancel) : null;
        var ranges = await KeyRangeStore.ListAsync(transaction, claim.Tenant, claim.Epoch, KeyPurpose.Checkpoint, cancel);
        return new TreeStep(claim, mark, edge, tiles, ranges, recovered);
    }

    private static RightEdge RestoreEdge(TreeClaim claim)
    {
        RightEdge edge;
        try { edge = RightEdge.Restore(claim.TreeSize, claim.RightEdge); }
        catch (FormatException e) { throw LogHaltException.Damaged(e.Message); }
        return edge.Root() == claim.Root ? edge : throw LogHaltException.Damaged($"the right edge of {claim.TreeSize} entries does not give the stored root");
    }

    // The mark's store was rolled back, not the database: the mark's tree is a beginning of ours. Nothing is lost, but somebody restored something.
    private async Task<StoredMark> CatchUpMarkAsync(LedgerTransaction transaction, TreeClaim claim, StoredMark mark, CancellationToken cancel)
    {
        var size = mark.Mark.Size;
        if (await TileReader.RootAsync(transaction, claim.Tenant, claim.Epoch, size, cancel) != mark.Mark.Root)
            throw LogHaltException.RolledBack($"another root was shown at size {size}");
        await using var reader = await transaction.QueryAsync("SELECT note FROM checkpoints WHERE tenant_id = $1 AND epoch = $2 AND tree_size = $3 AND root = $4", cancel,
            Text(claim.Tenant.Value), Int(claim.Epoch), Long(claim.TreeSize), Hash(claim.Root));
        if (!await reader.ReadAsync(cancel)) throw LogHaltException.Damaged($"the tree of {claim.TreeSize} entries has no stored checkpoint");

        var next = new HighWaterMark(claim.Tenant, claim.Epoch, claim.TreeSize, claim.Root, reader.GetString(0));
        log.LogCritical("high-water mark rolled back: {Log}: the mark was at {MarkSize}, the stored checkpoint is at {TreeSize}; moved forward", claim.Log, size, claim.TreeSize);
        if (!await marks.TryReplaceAsync(mark, next, cancel)) throw new IOException("The high-water mark moved at the same time.");
        return await marks.ReadAsync(claim.Tenant, claim.Epoch, cancel) is { } moved && moved.Mark == next ? moved
            : throw new IOException("The high-water mark moved at the same time.");
    }

    private static async Task<IReadOnlyList<NewTile>> AppendAsync(LedgerTransaction transaction, TreeClaim claim, RightEdge edge, long target, CancellationToken cancel)
    {
        // From the start of the tile that is open, to make it full.
        var first = claim.TreeSize - claim.TreeSize % Tiles.FullWidth;
        var leaves = new List<Digest>((int)(target - first));
        await using (var reader = await transaction.QueryAsync(
            "SELECT leaf_hash FROM chain_entries WHERE tenant_id = $1 AND epoch = $2 AND seq >= $3 AND seq < $4 ORDER BY seq", cancel,
            Text(claim.Tenant.Value), Int(claim.Epoch), Long(first), Long(target)))
            while (await reader.ReadAsync(cancel)) leaves.Add(reader.GetDigest(0));
        if (leaves.Count != target - first) throw LogHaltException.Damaged($"only {leaves.Count} of the entries {first} to {target - 1} are there");

        for (var i = (int)(claim.TreeSize - first); i < leaves.Count; i++) edge.Append(leaves[i]);
        return await NewTiles.MakeAsync(transaction, claim.Log, claim.TreeSize, target, first, leaves, cancel);
    }

    // The mark is ahead of the stored tree: a crash between the two. What was shown is stored as it was shown, if it is of this log and this tree.
    private async Task<SignedNote> RecoverAsync(LedgerTransaction transaction, TreeClaim claim, HighWaterMark mark, Digest root, CancellationToken cancel)
    {
        if (root != mark.Root) throw LogHaltException.RolledBack($"another root was shown at size {mark.Size}");
        if (!Note.TryParse(mark.Note, out var note, out _) || note.Text != new Checkpoint(claim.Origin, mark.Size, root).Body())
            throw LogHaltException.Damaged($"the high-water mark's note is not a checkpoint of {claim.Origin}");
        bool Signed(SigningKey key) => key.Purpose == KeyPurpose.Checkpoint && new VerifierKey(claim.Origin, key.Ed25519PublicKey).Verify(note) is null;
        var key = (await SigningKeyStore.ListAsync(transaction, null, cancel)).FirstOrDefault(Signed)
            ?? (await keys.SynchronizeAsync(names.Checkpoint, KeyPurpose.Checkpoint, null, cancel)).Values.FirstOrDefault(Signed)
            ?? throw LogHaltException.Damaged("the high-water mark's note is signed by no known key");
        log.LogWarning("checkpoint recovered: {Log}: the mark was at {MarkSize}, the stored tree at {TreeSize}", claim.Log, mark.Size, claim.TreeSize);
        return new SignedNote(mark.Note, key.KeyId);
    }
}
