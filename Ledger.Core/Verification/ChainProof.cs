using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Verification;

/// <summary>Verifies a tenant's stored chain where it lies: every row recomputed from its columns, up to the head and the latest
/// checkpoint.</summary>
public sealed class ChainProof(LedgerDatabase database) : IDisposable
{
    /// <summary>How far behind the latest checkpoint the incremental check begins.</summary>
    public const int Overlap = 1000;

    /// <summary>Full checks under way in one process; the next one waits without a connection. A full check of a long log takes minutes: a
    /// few callers could else hold every connection that appends and reads of all tenants need.</summary>
    public const int FullAtOnce = 4;

    private readonly SemaphoreSlim fullTurns = new(FullAtOnce);

    /// <summary>Checks the current epoch's log.</summary>
    /// <param name="full">Everything, streamed, or the given range of it; else the newest entries: from a little before the latest
    /// checkpoint to the head.</param>
    /// <param name="from">First seq, with <paramref name="full"/>.</param>
    /// <param name="to">Last seq, inclusive, with <paramref name="full"/>.</param>
    /// <exception cref="LedgerProblemException">not-found: the tenant has no log.</exception>
    public async Task<ChainProofResult> CheckAsync(TenantId tenant, bool full, long? from, long? to, CancellationToken cancel)
    {
        if (!full) return await RunAsync(tenant, full, from, to, cancel);
        await fullTurns.WaitAsync(cancel);
        try { return await RunAsync(tenant, full, from, to, cancel); }
        finally { fullTurns.Release(); }
    }

    public void Dispose() => fullTurns.Dispose();

    private async Task<ChainProofResult> RunAsync(TenantId tenant, bool full, long? from, long? to, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await transaction.ExecuteAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            cancel); // heads and rows of one instant
        var state = await ChainState.ReadAsync(transaction, tenant, null, cancel)
            ?? throw new LedgerProblemException(ProblemTypes.NotFound, "The tenant has no log here.");
        var first = full ? from ?? 0 : Math.Max(0, Math.Min(state.Checkpoint?.Size ?? 0, state.LastSeq + 1) - Overlap);
        var last = Math.Min(full ? to ?? state.LastSeq : state.LastSeq, state.LastSeq);

        var (walked, mismatch) = await WalkAsync(transaction, state, first, last, cancel);
        mismatch = await FirstThatAppliesAsync(transaction, state, first, last, mismatch, cancel);
        var heads = state.Heads;
        return new ChainProofResult(tenant, heads.Log.Epoch, heads.Origin, full, heads.NextSeq, state.HeadHash, first,
            Math.Max(last, first - 1), walked,
            state.Checkpoint, state.Scrub, heads.Halted, mismatch);
    }

    private static async Task<(long Walked, ChainMismatch? Mismatch)> WalkAsync(LedgerTransaction transaction, ChainState state,
        long first, long last, CancellationToken cancel)
    {
        var (tenant, epoch) = state.Heads.Log;
        var keys = await LogKeys.ReadAsync(transaction, tenant, epoch, KeyPurpose.Entry, cancel);
        var before = await BeforeAsync(transaction, state.Heads, first, cancel);
        var walk = new ChainWalk(state.Heads.Origin, keys, first, before);
        var tree = first == 0 ? new RebuiltRoot(state.Checkpoint?.Size ?? 0) : null;

        if (first <= last)
        {
            await ChainRows.OpenAsync(transaction, tenant, epoch, first, last, cancel);
            while (await ChainRows.FetchAsync(transaction, cancel) is { Count: > 0 } rows)
            {
                var tiles = await ChainRows.TilesAsync(transaction, tenant, epoch, rows, state.Heads.TreeSize, cancel);
                if (walk.Check(rows, tiles, tree is null ? null : tree.Append) is { } wrong) return (walk.NextSeq - first, wrong);
            }
            if (walk.NextSeq <= last) return (walk.NextSeq - first, new ChainMismatch(MismatchReason.FactMissing, walk.NextSeq));
        }
        var mismatch = HeadMismatch(state, walk, last) ?? await CheckpointCheck.RunAsync(transaction, state, tree?.AtCheckpoint, cancel);
        return (walk.NextSeq - first, mismatch);
    }

    // The entry before the range is not checked, only what its columns give as leaf hash: the range must follow it.
    private static async Task<Digest?> BeforeAsync(LedgerTransaction transaction, LogHeads heads, long first, CancellationToken cancel)
    {
        if (first == 0) return Digest.Zero;
        var before = await ChainRows.ReadAsync(transaction, heads.Log.Tenant, heads.Log.Epoch, first - 1, first - 1, cancel);
        return before is [var row] ? ChainWalk.LeafOf(row, heads.Origin) : null;
    }

    private static ChainMismatch? HeadMismatch(ChainState state, ChainWalk walk, long last)
    {
        if (last != state.LastSeq || walk.Previous is not { } leaf || leaf == state.HeadHash) return null;
        return new ChainMismatch(MismatchReason.ChainHashMismatch, Math.Max(last, 0));
    }

    // Missing rows are named before anything else that is wrong, and a cut tail before what remains; a sound log never asks.
    private static async Task<ChainMismatch?> FirstThatAppliesAsync(
        LedgerTransaction transaction, ChainState state, long first, long last, ChainMismatch? walked, CancellationToken cancel)
    {
        var (rows, head) = (state.LastSeq + 1, state.Heads.NextSeq);
        if (walked is null && rows == head) return null;
        if (await ChainRows.FirstMissingAsync(transaction, state.Heads.Log.Tenant, state.Heads.Log.Epoch, first, last,
            cancel) is { } missing)
            return new ChainMismatch(MismatchReason.FactMissing, missing);
        return rows == head ? walked : new ChainMismatch(MismatchReason.ChainSeqGap, Math.Min(rows, head));
    }

    /// <summary>The root of a log's first entries while they go by.</summary>
    private sealed class RebuiltRoot(long size)
    {
        private readonly RightEdge edge = new();

        /// <summary>Null until that many went by.</summary>
        public Digest? AtCheckpoint { get; private set; }

        public void Append(Digest leaf)
        {
            if (edge.Size >= size) return;
            edge.Append(leaf);
            if (edge.Size == size) AtCheckpoint = edge.Root();
        }
    }
}
