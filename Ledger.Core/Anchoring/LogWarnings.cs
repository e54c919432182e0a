using System.Collections.Concurrent;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Verify.Anchoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>What is odd about a transparency log without being a second history: it shrank, stands still, or its clock is not ours. Each is
/// a line when it begins and not once a minute.</summary>
public sealed class LogWarnings(LedgerDatabase database, IOptions<LogWatchOptions> options, TimeProvider time, ILogger<LogWarnings> log)
{
    /// <summary>How far another's clock may be from ours before somebody should look at one of the two.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Of, string What), bool> said = new();

    // One size for each shard: the one it was last told of.
    private readonly ConcurrentDictionary<string, long> shrunk = new();

    /// <summary>Compares the time that a log or a timestamping authority just gave with ours.</summary>
    /// <param name="whose">Its address.</param>
    /// <param name="theirs">Given now; not one that was kept.</param>
    public void CompareClock(string whose, DateTimeOffset theirs)
    {
        var skew = theirs - time.GetUtcNow();
        if (IsNews(whose, "clock", skew.Duration() > ClockTolerance))
            log.LogWarning("clock skew: {Whose} is {Seconds} s ahead of ours; one of the two clocks is wrong", whose,
                (long)skew.TotalSeconds);
    }

    internal void Unwatched(ITransparencyLog of, LogException? why)
    {
        if (IsNews(of.Url.AbsoluteUri, "unwatched", why is not null))
            log.LogWarning("transparency log not watched: {Url}: {Class}: {Reason}", of.Url,
                JobErrorClasses.SqlName(why!.Class.ToJob()), why.Message);
    }

    internal void Shrank(ITransparencyLog of, LogCheckpoint shown, long known)
    {
        if (!shrunk.TryGetValue(shown.Origin, out var told) || told != shown.Size)
            log.LogError("transparency log shrank: {Url}: {Origin} showed {Known} entries and shows {Size} now; refused", of.Url,
                shown.Origin,
                known, shown.Size);
        shrunk[shown.Origin] = shown.Size;
    }

    /// <summary>Whether a log stands still while jobs wait for it.</summary>
    internal async Task CompareAgeAsync(ITransparencyLog of, KnownHead head, CancellationToken cancel)
    {
        var limit = TimeSpan.FromSeconds(options.Value.StaleSeconds);
        var now = time.GetUtcNow();
        var stale = now - head.SeenAt > limit && await WaitingSinceAsync(of, cancel) is { } since && now - since > limit;
        if (IsNews(head.Checkpoint.Origin, "stale", stale))
            log.LogWarning("transparency log stale: {Url}: {Origin} has had {Size} entries since {Since:O}, and jobs wait for it", of.Url,
                head.Checkpoint.Origin, head.Checkpoint.Size, head.SeenAt);
    }

    private async Task<DateTimeOffset?> WaitingSinceAsync(ITransparencyLog of, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT min(created_at) FROM jobs
             WHERE queue IN ('checkpoints.to_anchor', 'entries.to_anchor') AND tl_log_id = $1 AND status = 'pending'
            """, cancel, Text(of.Trusted.LogId.ToHex()));
        await reader.ReadAsync(cancel);
        return reader.IsDBNull(0) ? null : reader.GetTime(0);
    }

    // True when a finding begins; forgotten when it ends.
    private bool IsNews(string of, string what, bool found) =>
        found ? said.TryAdd((of, what), true) : said.TryRemove((of, what), out _) && false;
}
