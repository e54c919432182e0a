using System.Text;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Verify.Checkpoints;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Core.Checkpoints;

/// <summary>What one round did.</summary>
/// <param name="Claimed">Logs it looked at.</param>
/// <param name="Stored">Checkpoints it stored.</param>
/// <param name="Failed">Logs it had to leave for a later round.</param>
/// <param name="More">Whether work is known to be left, more than one round takes or logs to be looked at anew: the next need not
/// wait.</param>
public readonly record struct IntegratorRound(int Claimed, int Stored, int Failed, bool More);

/// <summary>
/// Takes logs from their stored tree to a signed one that covers their entries. Any number may run, in any number of processes. It keeps
/// nothing in memory that a log's next step depends on, so a crash anywhere is followed by the same method on the same rows.
/// </summary>
public sealed class Integrator
{
    /// <summary>Logs in one claim, and so checkpoints in one Vault call.</summary>
    public const int LogsPerClaim = 64;

    private static readonly TimeSpan HaltedCheckInterval = TimeSpan.FromSeconds(5);

    private readonly LedgerDatabase database;
    private readonly IHighWaterMarkStore marks;
    private readonly VerifiedSigner signer;
    private readonly KeyNames names;
    private readonly TimeProvider time;
    private readonly ILogger<Integrator> log;
    private readonly TreeClaims claims;
    private readonly TreePlanner planner;
    private readonly HeadMetrics? heads;
    private readonly Queue<LogId> toCheck = [];
    private long checkedGeneration = -1;
    private long haltedCheckedAt;
    private int failed;

    public Integrator(LedgerDatabase database, IHighWaterMarkStore marks, VerifiedSigner signer, SigningKeyRegistry keys, KeyNames names,
        IdSource ids, TimeProvider time,
        ILogger<Integrator> log, HeadMetrics? heads = null)
    {
        (this.database, this.marks, this.signer, this.names, this.time, this.log, this.heads) =
            (database, marks, signer, names, time, log, heads);
        claims = new TreeClaims(database, $"{Environment.MachineName}:{ids.NewId(time.GetUtcNow())}");
        planner = new TreePlanner(database, marks, keys, names, log);
        haltedCheckedAt = time.GetTimestamp();
    }

    /// <summary>One claim's worth of work. Faults of one log are logged and leave it for a later round; those of the database end the
    /// round.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IntegratorRound> RunOnceAsync(CancellationToken cancel)
    {
        // 1. Lease the logs: committed, so that no lock is held while anything remote happens.
        var begun = time.GetUtcNow();
        var claimed = await ClaimAsync(cancel);
        using var span = claimed.Count == 0 ? null : LedgerSpans.StartRoot("ledger.checkpoint", begun);
        span?.SetTag("ledger.logs", claimed.Count);
        var held = claimed.ToHashSet();
        failed = 0;
        try
        {
            // 2. Judge each against its mark and compute its next tree. Nothing is visible yet.
            var steps = new List<TreeStep>();
            foreach (var id in claimed)
                if (await PlanAsync(id, cancel) is { } step) steps.Add(step);

            // 3. Sign all of them in one call. A signature that nobody has seen binds nobody: a crash here loses nothing.
            var stored = 0;
            foreach (var (step, note) in await SignAsync(steps, cancel))
            {
                // 4. Move the mark. From here on this is the log's checkpoint of that size, whether or not the next step is reached:
                // recovery finds it in the mark.
                // 5. Store it. Only now does anyone see it; the head moves only from the size this started at.
                if (!await MarkAsync(step, note, cancel) || !await StoreAsync(step, note, cancel)) continue;
                held.Remove(step.Log);
                stored++;
            }
            var more = claimed.Count == LogsPerClaim || steps.Exists(s => s.Edge.Size < s.From.NextSeq);
            span?.SetTag("ledger.checkpoints", stored);
            if (failed > 0) span.Fail("checkpoint-not-made");
            return new IntegratorRound(claimed.Count, stored, failed, (stored > 0 && more) || database.Generation != checkedGeneration);
        }
        catch (Exception e)
        {
            span.Fail(e.GetType().Name);
            // Idle logs that were to be checked in this round are in no queue any more: the next round lists all of them again.
            checkedGeneration = -1;
            throw;
        }
        finally
        {
            // 6. Let go of what was not stored (storing lets go by itself); a lease that cannot be given back lapses.
            await ReleaseAsync(held);
        }
    }

    private async Task<IReadOnlyList<LogId>> ClaimAsync(CancellationToken cancel)
    {
        // Behind a new connection may stand another server, restored or failed over: every log is looked at again, dirty or not.
        var generation = database.Generation;
        if (generation != checkedGeneration)
        {
            await CheckLaterAsync(haltedOnly: false, cancel);
            checkedGeneration = Math.Max(generation, 1); // listing may itself have opened the first connection
        }
        if (time.GetElapsedTime(haltedCheckedAt) >= HaltedCheckInterval)
        {
            await CheckLaterAsync(haltedOnly: true, cancel);
            heads?.Show(await claims.CountHaltedAsync(cancel));
            haltedCheckedAt = time.GetTimestamp();
        }

        var wanted = new List<LogId>();
        while (wanted.Count < LogsPerClaim && toCheck.TryDequeue(out var next)) wanted.Add(next);
        var due = wanted.Count == 0 ? [] : await claims.ClaimAsync(wanted, cancel);
        foreach (var heldElsewhere in wanted.Except(due)) toCheck.Enqueue(heldElsewhere);
        return [.. due, .. await claims.ClaimDirtyAsync(LogsPerClaim - due.Count, cancel)];
    }

    private async Task CheckLaterAsync(bool haltedOnly, CancellationToken cancel)
    {
        var waiting = toCheck.ToHashSet();
        foreach (var id in await claims.ListAsync(haltedOnly, cancel))
            if (waiting.Add(id)) toCheck.Enqueue(id);
    }

    private async Task<TreeStep?> PlanAsync(LogId id, CancellationToken cancel)
    {
        try
        {
            var plan = await planner.PlanAsync(id, cancel);
            if (plan.WasHalted)
            {
                await LogHalt.SetAsync(database, id, null, cancel);
                log.LogWarning("log resumed: {Log}: it agrees with its high-water mark again", id);
            }
            return plan.Step;
        }
        catch (LogHaltException e)
        {
            var isNews = await LogHalt.SetAsync(database, id, e.Type, cancel);
            log.Log(isNews ? LogLevel.Critical : LogLevel.Debug, "{Slug}: {Log}: {Finding}; nothing is signed or appended", e.Type, id,
                e.Message);
        }
        // Whatever it is: one log's fault must not keep a checkpoint from the others of the round.
        catch (Exception e) when (e is not OperationCanceledException && (e is PostgresException || e is not NpgsqlException))
        {
            log.LogError("checkpoint not made: {Log}: {Kind}: {Reason}", id, e.GetType().Name, e.Message);
            toCheck.Enqueue(id);
            failed++;
        }
        return null;
    }

    private async Task<IReadOnlyList<(TreeStep Step, SignedNote Note)>> SignAsync(List<TreeStep> steps, CancellationToken cancel)
    {
        var signed = steps.Where(s => s.Recovered is not null).Select(s => (s, s.Recovered!)).ToList();
        var fresh = steps.Where(s => s.Recovered is null).ToList();
        if (fresh.Count == 0) return signed;
        SignOutcome[] outcomes;
        try
        {
            outcomes = await signer.SignAsync(names.Checkpoint, KeyPurpose.Checkpoint, null,
                [.. fresh.Select(s => Encoding.UTF8.GetBytes(s.Checkpoint.Body()))], cancel);
        }
        catch (LedgerProblemException e)
        {
            log.LogError("checkpoints not signed: {Slug}: {Reason}; {Count} logs wait", e.Problem.Type, e.Message, fresh.Count);
            failed += fresh.Count;
            return signed;
        }
        for (var i = 0; i < fresh.Count; i++)
        {
            var (step, outcome) = (fresh[i], outcomes[i]);
            if (outcome is not { Key: { } key, Signature: { } signature })
                log.LogError("checkpoint not signed: {Log}: {Slug}", step.Log, outcome.Problem?.Type);
            else if (step.KeyRanges.Any(r => r.KeyId == key.KeyId && r.To is not null))
                log.LogCritical("{Slug}: {Log}: the signer still signs checkpoints with {KeyId}", ProblemTypes.SignerKeyRetired, step.Log,
                    key.KeyId);
            else
                signed.Add((step, new SignedNote(Format(step, key, signature), key.KeyId)));
        }
        return signed;
    }

    private static string Format(TreeStep step, SigningKey key, byte[] signature) =>
        new Note(step.Checkpoint.Body(), [new VerifierKey(step.From.Origin, key.Ed25519PublicKey).SignatureLine(signature)]).Format();

    private async Task<bool> MarkAsync(TreeStep step, SignedNote note, CancellationToken cancel)
    {
        if (step.Recovered is not null) return true;
        try
        {
            var next = new HighWaterMark(step.Log.Tenant, step.Log.Epoch, step.Edge.Size, step.Checkpoint.Root, note.Text);
            if (await marks.TryReplaceAsync(step.Mark, next, cancel)) return true;
            log.LogInformation("checkpoint given up: {Log}: another integrator moved the mark first", step.Log);
        }
        catch (IOException e)
        {
            log.LogError("checkpoint not made: {Log}: {Reason}", step.Log, e.Message);
        }
        return false;
    }

    private async Task<bool> StoreAsync(TreeStep step, SignedNote note, CancellationToken cancel)
    {
        try
        {
            if (await TreeStore.StoreAsync(database, step, note, time.GetUtcNow(), cancel)) return true;
            log.LogInformation("checkpoint not stored: {Log}: another integrator stored the same mark first", step.Log);
        }
        catch (PostgresException e)
        {
            log.LogError("checkpoint not stored: {Log}: {Reason}", step.Log, e.MessageText);
        }
        return false;
    }

    private async Task ReleaseAsync(IEnumerable<LogId> logs)
    {
        try
        {
            foreach (var id in logs) await claims.ReleaseAsync(id, CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            log.LogWarning("leases not released, they lapse by themselves: {Reason}", e.Message);
        }
    }
}
