using Ledger.Core.Checkpoints;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Microsoft.Extensions.Logging;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Verification;

/// <summary>Reads every log again and again, a page at a time, so that tampering with old rows is found too. Runs as the workers'
/// role.</summary>
public sealed class Scrubber(LedgerDatabase database, TimeProvider time, ILogger<Scrubber> log, VerifyMetrics? metrics = null)
{
    /// <summary>Every log that is scrubbed, in no particular order.</summary>
    public async Task<IReadOnlyList<(TenantId Tenant, int Epoch)>> LogsAsync(CancellationToken cancel)
    {
        var logs = new List<(TenantId, int)>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("SELECT tenant_id, epoch FROM scrubs", cancel);
        while (await reader.ReadAsync(cancel)) logs.Add((TenantId.Parse(reader.GetString(0)), reader.GetInt32(1)));
        return logs;
    }

    /// <summary>Checks one log's next page and remembers how far it came. Returns how many entries that were; 0 where another worker has
    /// the log.</summary>
    public async Task<int> StepAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (!await LockAsync(transaction, tenant, epoch, cancel)) return 0;
        var state = await ChainState.ReadAsync(transaction, tenant, epoch, cancel);
        if (state is null) return 0;

        var first = state.Scrub.NextSeq < state.Heads.NextSeq ? state.Scrub.NextSeq : 0;
        var last = Math.Min(first + ChainRows.PerPage, state.Heads.NextSeq) - 1;
        var mismatch = await CheckAsync(transaction, state, first, last, cancel);
        metrics?.Scrubbed(mismatch is null);
        if (mismatch is not null) await KeepAsync(transaction, state, mismatch, cancel);
        await MoveAsync(transaction, state, last + 1, cancel);
        await transaction.CommitAsync(cancel);
        return (int)(last + 1 - first);
    }

    private static async Task<ChainMismatch?> CheckAsync(LedgerTransaction transaction, ChainState state, long first, long last,
        CancellationToken cancel)
    {
        var (heads, (tenant, epoch)) = (state.Heads, state.Heads.Log);
        var keys = await LogKeys.ReadAsync(transaction, tenant, epoch, KeyPurpose.Entry, cancel);
        var rows = await ChainRows.ReadAsync(transaction, tenant, epoch, Math.Max(0, first - 1), last, cancel);
        // The row before was judged with its own page; here it only says what the first one must follow.
        Digest? before = first == 0 ? Digest.Zero : rows is [var row, ..] && row.Seq == first - 1 ? ChainWalk.LeafOf(row, heads.Origin)
            : null;
        if (first > 0 && before is not null) rows.RemoveAt(0);

        var walk = new ChainWalk(heads.Origin, keys, first, before);
        var tiles = await ChainRows.TilesAsync(transaction, tenant, epoch, rows, heads.TreeSize, cancel);
        if (walk.Check(rows, tiles) is { } wrong) return wrong;
        if (walk.NextSeq <= last)
            return new ChainMismatch(state.LastSeq >= walk.NextSeq ? MismatchReason.FactMissing : MismatchReason.ChainSeqGap, walk.NextSeq);
        if (last + 1 < heads.NextSeq) return null;
        // The end of a pass: the head must be the last leaf, and the checkpoint of this tree.
        if (walk.Previous is { } end && end != state.HeadHash) return new ChainMismatch(MismatchReason.ChainHashMismatch,
            Math.Max(0, last));
        return await CheckpointCheck.RunAsync(transaction, state, null, cancel);
    }

    // One worker at a time, and only for this page: nothing remote happens under the lock.
    private static async Task<bool> LockAsync(LedgerTransaction transaction, TenantId tenant, int epoch, CancellationToken cancel)
    {
        await transaction.ExecuteAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT 1 FROM scrubs WHERE tenant_id = $1 AND epoch = $2 FOR UPDATE SKIP LOCKED", cancel,
            Text(tenant.Value), Int(epoch));
        return await reader.ReadAsync(cancel);
    }

    // The lowest finding is where the damage begins; what follows from it is not news.
    private async Task KeepAsync(LedgerTransaction transaction, ChainState state, ChainMismatch mismatch, CancellationToken cancel)
    {
        var news = await transaction.ExecuteAsync("""
            UPDATE scrubs SET finding_reason = $3, finding_seq = $4, finding_at = $5
             WHERE tenant_id = $1 AND epoch = $2 AND (finding_seq IS NULL OR finding_seq > $4)
            """, cancel, Text(state.Heads.Log.Tenant.Value), Int(state.Heads.Log.Epoch),
            Text(mismatch.Reason.Slug()), Long(mismatch.ChainSeq), Time(time.GetUtcNow()));
        if (news == 1) log.LogCritical("fact_chain_mismatch: {Log}: {Reason} at seq {ChainSeq}", state.Heads.Log, mismatch.Reason.Slug(),
            mismatch.ChainSeq);
    }

    private async Task MoveAsync(LedgerTransaction transaction, ChainState state, long next, CancellationToken cancel)
    {
        var isPass = next >= state.Heads.NextSeq;
        await transaction.ExecuteAsync("""
            UPDATE scrubs SET next_seq = $3, passes = passes + $4, last_pass_at = COALESCE($5, last_pass_at)
             WHERE tenant_id = $1 AND epoch = $2
            """, cancel, Text(state.Heads.Log.Tenant.Value), Int(state.Heads.Log.Epoch),
            Long(isPass ? 0 : next), Long(isPass ? 1 : 0), Time(isPass ? time.GetUtcNow() : null));
    }
}
