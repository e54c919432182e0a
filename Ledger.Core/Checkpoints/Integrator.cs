using System.Text;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify.Checkpoints;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Core.Checkpoints;

/// <summary>What one round did.</summary>
/// <param name="Claimed">Logs it looked at.</param>
/// <param name="Stored">Checkpoints it stored.</param>
public readonly record struct IntegratorRound(int Claimed, int Stored);

/// <summary>
/// Takes logs from their stored tree to a signed one that covers their entries. Any number may run, in any number of processes. It keeps nothing in memory
/// that a log's next step depends on, so a crash anywhere is followed by the same method on the same rows.
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
    private readonly HashSet<LogId> unchecked_ = [];
    private long checkedGeneration = -1;
    private long haltedCheckedAt;

    public Integrator(LedgerDatabase database, IHighWaterMarkStore marks, VerifiedSigner signer, SigningKeyRegistry keys, KeyNames names, IdSource ids, TimeProvider time,
        ILogger<Integrator> log)
    {
        (this.database, this.marks, this.signer, this.names, this.time, this.log) = (database, marks, signer, names, time, log);
        claims = new TreeClaims(database, $"{Environment.MachineName}:{ids.NewId(time.GetUtcNow())}");
        planner = new TreePlanner(database, marks, keys, names, log);
        haltedCheckedAt = time.GetTimestamp();
    }

    /// <summary>One claim's worth of work. Faults of one log are logged and leave it for a later round; those of the database end the round.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IntegratorRound> RunOnceAsync(CancellationToken cancel)
    {
        // 1. Lease the logs: committed, so that no lock is held while anything remote happens.
        var claimed = await ClaimAsync(cancel);
        var held = claimed.ToDictionary(c => c.Log);
        try
        {
            // 2. Judge each against its mark and compute its next tree. Nothing is visible yet.
            var steps = new List<TreeStep>();
            foreach (var claim in claimed)
                if (await PlanAsync(claim, cancel) is { } step) steps.Add(step);

            // 3. Sign all of them in one call. A signature that nobody has seen binds nobody: a crash here loses nothing.
            var stored = 0;
            foreach (var (step, note) in await SignAsync(steps, cancel))
            {
                // 4. Move the mark. From here on this is the log's checkpoint of that size, whether or not the next step is reached: recovery finds it in the mark.
                // 5. Store it. Only now does anyone see it; the head moves only from the size this started at.
                if (!await MarkAsync(step, note, cancel) || !await StoreAsync(step, note, cancel)) continue;
                held.Remove(step.Claim.Log);
                stored++;
            }
            return new IntegratorRound(claimed.Count, stored);
        }
        finally
        {
            // 6. Let go of what was not stored (storing lets go by itself); a lease that cannot be given back lapses.
            await ReleaseAsync(held.Keys);
        }
    }

    private async Task<IReadOnlyList<TreeClaim>> ClaimAsync(CancellationToken cancel)
    {
        // Behind a new connection may stand another server, restored or failed over: every log is looked at again, dirty or not.
        var generation = database.Generation;
        if (generation != checkedGeneration)
        {
            unchecked_.UnionWith(await claims.ListAsync(haltedOnly: false, cancel));
            checkedGeneration = Math.Max(generation, 1); // listing may itself have opened the first connection
        }
        if (time.GetElapsedTime(haltedCheckedAt) >= HaltedCheckInterval)
        {
            unchecked_.UnionWith(await claims.ListAsync(haltedOnly: true, cancel));
            haltedCheckedAt = time.GetTimestamp();
        }

        if (unchecked_.Count > 0 && await claims.ClaimAsync([.. unchecked_.Take(LogsPerClaim)], cancel) is { Count: > 0 } due) return due;
        return await claims.ClaimDirtyAsync(LogsPerClaim, cancel);
    }

    private async Task<TreeStep?> PlanAsync(TreeClaim claim, CancellationToken cancel)
    {
        try
        {
            var step = await planner.PlanAsync(claim, cancel);
            if (claim.Halted is not null)
            {
                await LogHalt.SetAsync(database, claim.Log, null, cancel);
                log.LogWarning("log resumed: {Log}: it agrees with its high-water mark again", claim.Log);
            }
            unchecked_.Remove(claim.Log);
            return step;
        }
        catch (LogHaltException e)
        {
            log.LogCritical("{Slug}: {Log}: {Finding}; nothing is signed or appended", e.Type, claim.Log, e.Message);
            await LogHalt.SetAsync(database, claim.Log, e.Type, cancel);
            unchecked_.Remove(claim.Log);
        }
        catch (Exception e) when (IsOfOneLog(e))
        {
            log.LogError("checkpoint not made: {Log}: {Reason}", claim.Log, e.Message);
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
            outcomes = await signer.SignAsync(names.Checkpoint, KeyPurpose.Checkpoint, null, [.. fresh.Select(s => Encoding.UTF8.GetBytes(s.Checkpoint.Body()))], cancel);
        }
        catch (LedgerProblemException e)
        {
            log.LogError("checkpoints not signed: {Slug}: {Reason}; {Count} logs wait", e.Problem.Type, e.Message, fresh.Count);
            return signed;
        }
        for (var i = 0; i < fresh.Count; i++)
        {
            var (step, outcome) = (fresh[i], outcomes[i]);
            if (outcome is not { Key: { } key, Signature: { } signature })
                log.LogError("checkpoint not signed: {Log}: {Slug}", step.Claim.Log, outcome.Problem?.Type);
            else if (step.KeyRanges.Any(r => r.KeyId == key.KeyId && r.To < step.Edge.Size))
                log.LogCritical("{Slug}: {Log}: the signer still signs checkpoints with {KeyId}", ProblemTypes.SignerKeyRetired, step.Claim.Log, key.KeyId);
            else
                signed.Add((step, new SignedNote(Format(step, key, signature), key.KeyId)));
        }
        return signed;
    }

    private static string Format(TreeStep step, SigningKey key, byte[] signature) =>
        new Note(step.Checkpoint.Body(), [new VerifierKey(step.Claim.Origin, key.Ed25519PublicKey).SignatureLine(signature)]).Format();

    private async Task<bool> MarkAsync(TreeStep step, SignedNote note, CancellationToken cancel)
    {
        if (step.Recovered is not null) return true;
        try
        {
            var next = new HighWaterMark(step.Claim.Tenant, step.Claim.Epoch, step.Edge.Size, step.Checkpoint.Root, note.Text);
            if (await marks.TryReplaceAsync(step.Mark, next, cancel)) return true;
            log.LogInformation("checkpoint given up: {Log}: another integrator moved the mark first", step.Claim.Log);
        }
        catch (IOException e)
        {
            log.LogError("checkpoint not made: {Log}: {Reason}", step.Claim.Log, e.Message);
        }
        return false;
    }

    private async Task<bool> StoreAsync(TreeStep step, SignedNote note, CancellationToken cancel)
    {
        try
        {
            if (await TreeStore.StoreAsync(database, step, note, time.GetUtcNow(), cancel)) return true;
            log.LogInformation("checkpoint not stored: {Log}: another integrator stored the same mark first", step.Claim.Log);
        }
        catch (PostgresException e)
        {
            log.LogError("checkpoint not stored: {Log}: {Reason}", step.Claim.Log, e.MessageText);
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

    private static bool IsOfOneLog(Exception e) => e is IOException or LedgerProblemException or InvalidDataException or PostgresException;
}
