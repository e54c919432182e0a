using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Doctor;

/// <summary>Whether a transparency log answers with heads that the pinned key signed and that continue what was seen of it. Nothing is
/// stored and nobody is quarantined from here: that is the watch's.</summary>
public sealed class RekorCheck(ITransparencyLog log, DoctorDatabase database, TimeProvider time) : IDoctorCheck
{
    public string Name => $"rekor {log.Trusted.Origin}";

    public TimeSpan Patience => TimeSpan.FromSeconds(15);

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var id = log.Trusted.LogId.ToHex();
        // Before the log is asked: what another process stores meanwhile must not make its answer look old. Without a database the log is
        // looked at all the same.
        IReadOnlyDictionary<string, KnownHead>? known = null;
        var quarantined = false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(DoctorDatabase.Patience);
        try
        {
            known = await LogHeadStore.ListAsync(database.Database, id, patience.Token);
            quarantined = (await database.ListAsync("SELECT 1 FROM transparency_logs WHERE tl_log_id = $1 AND quarantined_at IS NOT NULL",
                row => row.GetInt32(0), patience.Token, Text(id))).Count > 0;
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or PrerequisiteException or TimeoutException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested)) { }

        if (quarantined)
            return Verdict.Fail($"{log.Url.Authority} showed two histories and is quarantined: docs/runbooks/log-quarantined.md");
        try
        {
            var heads = await log.HeadsAsync(cancel);
            var found = new List<Verdict>();
            foreach (var head in heads)
            {
                if (known?.GetValueOrDefault(head.Checkpoint.Origin) is { } before
                    && await CompareAsync(before, head, cancel) is { } other) found.Add(other);
                if (head.ServerTime is { } theirs && (theirs - time.GetUtcNow()).Duration() > LogWarnings.ClockTolerance)
                    found.Add(Verdict.Warn($"its clock says {theirs:u}: it or ours is wrong"));
            }
            return Verdict.Worst(found, $"{log.Url.Authority}, {heads[0].Checkpoint.Size} entries, signed with the pinned key"
                + (known is null ? "; the database that knows its history does not answer" : ", a continuation of what was seen"));
        }
        catch (LogException e) when (e.Class == LogFailureClass.Network)
        {
            return Verdict.Fail($"{log.Url.Authority} does not answer: {e.Message}; anchors wait until it does: "
                + "docs/runbooks/rekor-unavailable.md");
        }
        catch (LogException e)
        {
            return Verdict.Fail($"{log.Url.Authority} is not the log of Rekor:Logs:{log.Ordinal}:PublicKey and Origin, or not "
                + $"sound: {e.Message}");
        }
    }

    private async Task<Verdict?> CompareAsync(KnownHead known, LogHead shown, CancellationToken cancel)
    {
        var (before, now) = (known.Checkpoint, shown.Checkpoint);
        if (now.Size < before.Size)
            return Verdict.Fail($"{now.Origin} showed {before.Size} entries and shows {now.Size} now: it shrank, or stands "
                + "behind a stale cache");
        if (now.Size == before.Size)
            return now.Root == before.Root ? null : Verdict.Fail($"{now.Origin} shows another root at size {now.Size}: two histories");
        if (before.Size > 0) await log.ConsistencyAsync(before, now, cancel); // throws where there is none
        return null;
    }
}
