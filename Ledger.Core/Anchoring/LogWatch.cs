using System.Collections.Concurrent;
using Ledger.Core.Tenancy;
using Ledger.Verify.Anchoring;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Anchoring;

/// <summary>Watches the transparency logs themselves: a witness that shows two histories is none. The newest verified head of every shard
/// is remembered, and whatever the log shows next must be of the same history. Any number of processes may watch.</summary>
public sealed class LogWatch(LedgerDatabase database, LogQuarantine quarantine, LogWarnings warnings, LogWatchMetrics metrics,
    TimeProvider time, ILogger<LogWatch> log)
{
    // By log and shard: of many answers that arrive together only the newest head is put in the place of the one that is known.
    private readonly ConcurrentDictionary<(string Log, string Origin), Advance> advances = new();

    // One answer that was damaged on its way is not a second history: a proof must fail twice.
    private const int ProofTries = 2;

    /// <summary>Holds the checkpoint of a logged entry against what was seen of its shard. Call it before the entry counts as
    /// submitted.</summary>
    /// <exception cref="LogException">Class Log: another history, and the log is quarantined by now. Or the proof could not be
    /// had.</exception>
    public async Task AdmitAsync(ITransparencyLog of, LoggedEntry entry, CancellationToken cancel)
    {
        if (await quarantine.FindAsync(of.Trusted.LogId.ToHex(), cancel) is not null)
            throw new LogException(LogFailureClass.Log, $"{of.Url} is quarantined: nothing that it shows counts until a person lifts it");
        // An entry that was there already may be as old as it likes.
        if (!entry.WasThere && entry.Entry.IntegratedTime > 0)
            warnings.CompareClock(of.Url.AbsoluteUri, DateTimeOffset.FromUnixTimeSeconds(entry.Entry.IntegratedTime));
        // It may be older than the newest head: then that one must have it as its beginning.
        await CompareAsync(of, entry.Checkpoint, entry.Entry.Inclusion.Checkpoint, cancel);
    }

    /// <summary>Compares the time of a timestamp that was just made with ours.</summary>
    /// <param name="token">TimeStampResp, verified when it was made.</param>
    public void CompareClock(TrustedRoot root, byte[] token, byte[] signature)
    {
        if (root.TimestampAuthorities is [var authority, ..]
            && TimestampToken.Verify(token, signature, root.TimestampAuthorities, out var theirs) is null)
            warnings.CompareClock(authority.Uri, theirs);
    }

    /// <summary>Looks at the newest head of every shard of a log. A log that does not answer is told of, once.</summary>
    public async Task WatchAsync(ITransparencyLog of, CancellationToken cancel)
    {
        try
        {
            var isQuarantined = await quarantine.FindAsync(of.Trusted.LogId.ToHex(), cancel) is not null;
            metrics.Show(of, isQuarantined);
            if (!isQuarantined) await LookAsync(of, cancel);
            warnings.Unwatched(of, null);
        }
        catch (LogException e)
        {
            warnings.Unwatched(of, e);
        }
    }

    private async Task LookAsync(ITransparencyLog of, CancellationToken cancel)
    {
        // Before the log is asked: what another process stores meanwhile must not make this answer look old.
        var before = await LogHeadStore.ListAsync(database, of.Trusted.LogId.ToHex(), cancel);
        foreach (var head in await of.HeadsAsync(cancel))
        {
            var (origin, size, _) = head.Checkpoint;
            if (head.ServerTime is { } theirs) warnings.CompareClock(of.Url.AbsoluteUri, theirs);
            if (before.GetValueOrDefault(origin) is { } known && size < known.Checkpoint.Size)
            {
                warnings.Shrank(of, head.Checkpoint, known.Checkpoint.Size);
                continue;
            }
            var newest = await CompareAsync(of, head.Checkpoint, head.Note, cancel);
            if (head.Active) await warnings.CompareAgeAsync(of, newest, cancel);
        }
    }

    // Returns the newest head of the shard that is stored when this ends.
    private async Task<KnownHead> CompareAsync(ITransparencyLog of, LogCheckpoint shown, string note, CancellationToken cancel)
    {
        var id = of.Trusted.LogId.ToHex();
        while (true)
        {
            var known = await LogHeadStore.FindAsync(database, id, shown.Origin, cancel);
            if (known is not null && shown.Size == known.Checkpoint.Size)
            {
                if (shown.Root == known.Checkpoint.Root) return known;
                throw await DivergedAsync(of, known, shown, note, "the same size, another root", null, cancel);
            }
            if (known is not null && shown.Size < known.Checkpoint.Size)
            {
                await ProveAsync(of, known, shown, note, cancel);
                return known;
            }
            // Then again: what is known by now is this head, or another, of whose history this one must be too.
            await AdvanceAsync(of, shown, note, cancel);
        }
    }

    // One at a time in this process, with the newest head of those that wait; another process is told by the comparison when it stores.
    private async Task AdvanceAsync(ITransparencyLog of, LogCheckpoint shown, string note, CancellationToken cancel)
    {
        var id = of.Trusted.LogId.ToHex();
        var advance = advances.GetOrAdd((id, shown.Origin), _ => new Advance());
        advance.Offer(shown, note);
        await advance.Turn.WaitAsync(cancel);
        try
        {
            var (newest, itsNote) = advance.TakeNewest() ?? (shown, note);
            var known = await LogHeadStore.FindAsync(database, id, shown.Origin, cancel);
            if (known is not null && newest.Size <= known.Checkpoint.Size) return;
            if (known is not null) await ProveAsync(of, known, newest, itsNote, cancel);
            await LogHeadStore.TryReplaceAsync(database, id, known, new KnownHead(newest, itsNote, time.GetUtcNow()), cancel);
        }
        finally
        {
            advance.Turn.Release();
        }
    }

    private async Task ProveAsync(ITransparencyLog of, KnownHead known, LogCheckpoint shown, string note, CancellationToken cancel)
    {
        if (known.Checkpoint.Size == 0 || shown.Size == 0) return; // every tree begins with the empty one
        // Answers overtake each other: what is shown may be the older of the two.
        var (older, newer) = known.Checkpoint.Size <= shown.Size ? (known.Checkpoint, shown) : (shown, known.Checkpoint);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await of.ConsistencyAsync(older, newer, cancel);
                return;
            }
            catch (LogException e) when (e is { Class: LogFailureClass.Log, Code: not null })
            {
                if (tries == ProofTries) throw await DivergedAsync(of, known, shown, note, $"no consistency ({e.Code})", e, cancel);
            }
        }
    }

    // Nothing is remembered beyond those that wait: after a lifted quarantine the log is taken as it shows itself next.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle is never made.")]
    private sealed class Advance
    {
        private readonly Lock guard = new();
        private (LogCheckpoint Head, string Note)? newest; // guard

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public void Offer(LogCheckpoint head, string note)
        {
            lock (guard)
                if (newest is not { } other || other.Head.Size < head.Size) newest = (head, note);
        }

        public (LogCheckpoint Head, string Note)? TakeNewest()
        {
            lock (guard)
            {
                var taken = newest;
                newest = null;
                return taken;
            }
        }
    }

    private async Task<LogException> DivergedAsync(ITransparencyLog of, KnownHead known, LogCheckpoint shown, string note, string finding,
        Exception? inner, CancellationToken cancel)
    {
        // Both notes are kept: two signatures of the log under two histories are the evidence.
        var reason = $"{shown.Origin}: {finding}: size {known.Checkpoint.Size} root {known.Checkpoint.Root} was seen at "
            + $"{known.SeenAt:O}, size {shown.Size} root {shown.Root} is shown now\n\n{known.Note}\n{note}";
        metrics.Show(of, true);
        if (await quarantine.SetAsync(of, reason, cancel))
            log.LogCritical("transparency log quarantined: {LogId} {Url}: {Finding}; nothing more is anchored there until a person lifts "
                + "it (lift-quarantine)", of.Trusted.LogId, of.Url, reason[..reason.IndexOf('\n', StringComparison.Ordinal)]);
        return new LogException(LogFailureClass.Log, $"{of.Url} shows another history than before and is quarantined: {finding}",
            (inner as LogException)?.Code, null, inner);
    }
}
