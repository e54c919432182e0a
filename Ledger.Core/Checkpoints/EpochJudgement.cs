using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Microsoft.Extensions.Logging;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Whether a log needs a new epoch, and what that one has to carry over.</summary>
internal sealed class EpochJudgement(LedgerDatabase database, IHighWaterMarkStore marks, SigningKeyRegistry keys, KeyNames names,
    LedgerOptions options, ILogger log)
{
    /// <summary>What an integrator or an append would refuse the log for; null where it is sound.</summary>
    /// <exception cref="IOException">The store of marks cannot be reached: nothing can be said of the log.</exception>
    public async Task<string?> FindingAsync(LogId id, CancellationToken cancel)
    {
        try
        {
            await new TreePlanner(database, marks, keys, names, log).PlanAsync(id, cancel);
        }
        catch (LogHaltException e)
        {
            return e.Message;
        }
        // What only the append path looks at: a head that is not its last entry's.
        await using var transaction = await database.BeginAsync(id.Tenant, cancel);
        await using var reader = await transaction.QueryAsync("""
            SELECT h.head_hash = COALESCE((SELECT e.leaf_hash FROM chain_entries e
                                            WHERE e.tenant_id = h.tenant_id AND e.epoch = h.epoch AND e.seq = h.next_seq - 1), $3)
              FROM chain_heads h WHERE h.tenant_id = $1 AND h.epoch = $2
            """, cancel, Text(id.Tenant.Value), Int(id.Epoch), Hash(Digest.Zero));
        await reader.ReadAsync(cancel);
        return reader.GetBoolean(0) ? null : "the head is not the last entry's";
    }

    /// <summary>The newest checkpoint that anybody may hold, unjudged: the epoch that nobody has seen, whose the checkpoint is, and its
    /// note; null where none is known.</summary>
    public async Task<(LogId Next, LogId Of, string? Note)> NewestAsync(LogId last, CancellationToken cancel)
    {
        // Where the mark itself is lost, the newest checkpoint that this database has is the best that is known.
        var (at, note) = (last, (await marks.ReadAsync(last.Tenant, last.Epoch, cancel))?.Mark.Note is { Length: > 0 } shown ? shown
            : (await new CheckpointReader(database).LatestAsync(last.Tenant, last.Epoch, cancel))?.Note);
        var next = last with { Epoch = last.Epoch + 1 };
        // A database from before an epoch was opened does not know it; what it signed there stays signed, so its name is used up.
        while (await marks.ReadAsync(next.Tenant, next.Epoch, cancel) is { Mark: { Size: > 0 } mark })
            (next, at, note) = (next with { Epoch = next.Epoch + 1 }, next, mark.Note);
        return (next, at, note);
    }

    /// <summary>The next epoch that nobody has seen, and the newest checkpoint before it that anybody may hold.</summary>
    /// <exception cref="LogOpeningException">No checkpoint is known, or not one of ours.</exception>
    public async Task<Handover> HandoverAsync(LogId last, CancellationToken cancel)
    {
        var (next, at, note) = await NewestAsync(last, cancel);
        if (note is null)
            throw new LogOpeningException($"No checkpoint of {last} is known: there is nothing that a new epoch could carry over. "
                + "Restore its high-water mark, or choose another name for the tenant.");

        // It is stated for good in entry 0: nothing goes there that we did not sign.
        if (!Note.TryParse(note, out var parsed, out _) || !Checkpoint.ParseUnverified(parsed, out var checkpoint, out _))
            throw new LogOpeningException($"The high-water mark of {at} does not hold a checkpoint.");
        var key = (await keys.SynchronizeAsync(names.Checkpoint, KeyPurpose.Checkpoint, null, cancel)).Values
            .FirstOrDefault(k => new VerifierKey(checkpoint.Origin, k.Ed25519PublicKey).Verify(parsed) is null);
        if (key is null || checkpoint.Origin != await OriginAsync(at, cancel))
            throw new LogOpeningException($"The high-water mark of {at} holds a checkpoint that none of our keys signed.");
        return new Handover(next, note, at, checkpoint.Size, key.KeyId);
    }

    // What a log is called was settled when it was opened, whatever the service is called by now. Of an epoch that this database does not
    // know, only the configuration can tell.
    private async Task<string> OriginAsync(LogId id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(id.Tenant, cancel);
        await using var reader = await transaction.QueryAsync("SELECT origin FROM chain_heads WHERE tenant_id = $1 AND epoch = $2", cancel,
            Text(id.Tenant.Value), Int(id.Epoch));
        return await reader.ReadAsync(cancel) ? reader.GetString(0) : options.OriginOf(id.Tenant, id.Epoch);
    }
}

/// <summary>What the next epoch carries over.</summary>
/// <param name="Next">The epoch to open.</param>
/// <param name="Note">The signed note of the newest checkpoint that anybody may hold.</param>
/// <param name="Of">Whose it is: the epoch that is left, or a later one that this database does not know.</param>
/// <param name="KeyId">The checkpoint key that signed it.</param>
internal sealed record Handover(LogId Next, string Note, LogId Of, long Size, string KeyId);
