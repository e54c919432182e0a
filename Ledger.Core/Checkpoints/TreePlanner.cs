using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Microsoft.Extensions.Logging;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>What planning found: whether the log had been halted, and the next step, null where the tree is level with the log.</summary>
internal sealed record TreePlan(bool WasHalted, TreeStep? Step);

/// <summary>Judges a claimed log against itself and against its mark, and computes its next step. Signs and stores nothing; moves only a
/// mark that fell behind.</summary>
internal sealed class TreePlanner(LedgerDatabase database, IHighWaterMarkStore marks, SigningKeyRegistry keys, KeyNames names, ILogger log)
{
    /// <summary>Entries in one step, so that memory and transactions stay small however long a log waited.</summary>
    public const int MaxStep = 65_536;

    // By the generation of connections that was asked last: a database that lost an epoch came back behind a new connection.
    private readonly Dictionary<LogId, long> askedForNext = [];

    /// <exception cref="LogHaltException">The log must not be signed.</exception>
    /// <exception cref="IOException">The store of marks cannot be reached: nothing can be said of the log.</exception>
    public async Task<TreePlan> PlanAsync(LogId id, CancellationToken cancel)
    {
        // The marks first: heads that are read later can only be further, so one that is behind its mark really is.
        var generation = database.Generation;
        var ask = askedForNext.GetValueOrDefault(id, -1) != generation;
        var nextEpoch = ask ? await marks.ReadAsync(id.Tenant, id.Epoch + 1, cancel) : null;
        var mark = await marks.ReadAsync(id.Tenant, id.Epoch, cancel);
        await using var transaction = await database.BeginAsync(id.Tenant, cancel);
        var heads = await LogHeads.ReadAsync(transaction, id, cancel);
        if (heads.IsCurrent && nextEpoch is { Mark.Size: > 0 })
            throw LogHaltException.RolledBack($"epoch {id.Epoch + 1} was shown, which this database does not know");
        askedForNext[id] = generation;
        var edge = RestoreEdge(heads);
        if (mark is null)
        {
            if (heads.NextSeq == 0 && heads.TreeSize == 0) return new TreePlan(heads.Halted is not null, null);
            throw LogHaltException.RolledBack("the log has no high-water mark; only making the tenant or its next epoch creates one");
        }

        var size = mark.Mark.Size;
        if (heads.NextSeq < size)
            throw LogHaltException.RolledBack($"the log has {heads.NextSeq} entries, but a checkpoint of {size} was shown");
        if (heads.NextSeq < heads.TreeSize)
            throw LogHaltException.RolledBack($"the log has {heads.NextSeq} entries, but its tree has {heads.TreeSize}");
        if (size < heads.TreeSize) mark = await CatchUpMarkAsync(transaction, heads, mark, cancel);
        else if (size == heads.TreeSize && mark.Mark.Root != heads.Root)
            throw LogHaltException.RolledBack($"another root was shown at size {size}");

        var wasHalted = heads.Halted is not null;
        if (heads.NextSeq == heads.TreeSize) return new TreePlan(wasHalted, null);
        var target = size > heads.TreeSize ? size : Math.Min(heads.NextSeq, heads.TreeSize + MaxStep);
        var tiles = await AppendAsync(transaction, heads, edge, target, cancel);
        var recovered = size > heads.TreeSize ? await RecoverAsync(transaction, heads, mark.Mark, edge.Root(), cancel) : null;
        var ranges = await KeyRangeStore.ListAsync(transaction, id.Tenant, id.Epoch, KeyPurpose.Checkpoint, cancel);
        return new TreePlan(wasHalted, new TreeStep(heads, mark, edge, tiles, ranges, recovered));
    }

    private static RightEdge RestoreEdge(LogHeads heads)
    {
        RightEdge edge;
        try { edge = RightEdge.Restore(heads.TreeSize, heads.RightEdge); }
        catch (FormatException e) { throw LogHaltException.Damaged(e.Message); }
        return edge.Root() == heads.Root ? edge
            : throw LogHaltException.Damaged($"the right edge of {heads.TreeSize} entries does not give the stored root");
    }

    // The mark's store was rolled back, not the database: the mark's tree is a beginning of ours. Nothing is lost, but somebody restored
    // something.
    private async Task<StoredMark> CatchUpMarkAsync(LedgerTransaction transaction, LogHeads heads, StoredMark mark,
        CancellationToken cancel)
    {
        var ((tenant, epoch), size) = (heads.Log, mark.Mark.Size);
        if (await TileReader.RootAsync(transaction, tenant, epoch, size, cancel) != mark.Mark.Root)
            throw LogHaltException.RolledBack($"another root was shown at size {size}");
        await using var reader = await transaction.QueryAsync(
            "SELECT note FROM checkpoints WHERE tenant_id = $1 AND epoch = $2 AND tree_size = $3 AND root = $4", cancel,
            Text(tenant.Value), Int(epoch), Long(heads.TreeSize), Hash(heads.Root));
        if (!await reader.ReadAsync(cancel))
            throw LogHaltException.Damaged($"the tree of {heads.TreeSize} entries has no stored checkpoint");

        var next = new HighWaterMark(tenant, epoch, heads.TreeSize, heads.Root, reader.GetString(0));
        if (!await marks.TryReplaceAsync(mark, next, cancel) || await marks.ReadAsync(tenant, epoch, cancel) is not { } moved
            || moved.Mark != next)
            throw new IOException("Another integrator moved the high-water mark at the same time.");
        log.LogCritical("high-water mark rolled back: {Log}: it was at {MarkSize}, the stored checkpoint is at {TreeSize}; moved forward",
            heads.Log, size, heads.TreeSize);
        return moved;
    }

    private static async Task<IReadOnlyList<NewTile>> AppendAsync(LedgerTransaction transaction, LogHeads heads, RightEdge edge,
        long target, CancellationToken cancel)
    {
        // From the start of the tile that is open, to make it full.
        var first = heads.TreeSize - heads.TreeSize % Tiles.FullWidth;
        var leaves = new List<Digest>((int)(target - first));
        await using (var reader = await transaction.QueryAsync(
            "SELECT leaf_hash FROM chain_entries WHERE tenant_id = $1 AND epoch = $2 AND seq >= $3 AND seq < $4 ORDER BY seq", cancel,
            Text(heads.Log.Tenant.Value), Int(heads.Log.Epoch), Long(first), Long(target)))
            while (await reader.ReadAsync(cancel)) leaves.Add(reader.GetDigest(0));
        if (leaves.Count != target - first)
            throw LogHaltException.Damaged($"only {leaves.Count} of the entries {first} to {target - 1} are there");

        for (var i = (int)(heads.TreeSize - first); i < leaves.Count; i++) edge.Append(leaves[i]);
        return await NewTiles.MakeAsync(transaction, heads.Log, heads.TreeSize, target, first, leaves, cancel);
    }

    // The mark is ahead of the stored tree: a crash between the two. What was shown is stored as it was shown, if it is of this log and
    // this tree.
    private async Task<SignedNote> RecoverAsync(LedgerTransaction transaction, LogHeads heads, HighWaterMark mark, Digest root,
        CancellationToken cancel)
    {
        if (root != mark.Root) throw LogHaltException.RolledBack($"another root was shown at size {mark.Size}");
        if (!Note.TryParse(mark.Note, out var note, out _) || note.Text != new Checkpoint(heads.Origin, mark.Size, root).Body())
            throw LogHaltException.Damaged($"the high-water mark's note is not a checkpoint of {heads.Origin}");
        bool Signed(SigningKey key) =>
            key.Purpose == KeyPurpose.Checkpoint && new VerifierKey(heads.Origin, key.Ed25519PublicKey).Verify(note) is null;
        var key = (await SigningKeyStore.ListAsync(transaction, null, cancel)).FirstOrDefault(Signed)
            ?? (await keys.SynchronizeAsync(names.Checkpoint, KeyPurpose.Checkpoint, null, cancel)).Values.FirstOrDefault(Signed)
            ?? throw LogHaltException.Damaged("the high-water mark's note is signed by no known key");
        log.LogWarning("checkpoint recovered: {Log}: the mark was at {MarkSize}, the stored tree at {TreeSize}", heads.Log, mark.Size,
            heads.TreeSize);
        return new SignedNote(mark.Note, key.KeyId);
    }
}
