using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Stores a group of submissions at the end of a tenant's log, in one transaction and in two round trips. Correct with any number
/// of processes: the head row's lock is the serial order, and nothing remote happens while it is held.</summary>
public sealed class ChainWriter(LedgerDatabase database, LogFloors floors, EpochReader epochs, TimeProvider time,
    IEntryRiders? riders = null)
{
    /// <summary>Commits what it can and says for each submission, in order, how it ended. Throws when nothing was stored.</summary>
    /// <exception cref="LedgerProblemException">log-rolled-back, log-halted, tenant-suspended, tenant-required,
    /// storage-unavailable, witness-unavailable.</exception>
    public async Task<CommitOutcome[]> CommitAsync(TenantId tenant, IReadOnlyList<Submission> group, CancellationToken cancel)
    {
        // 1. Take a connection, then make sure the floor is no older than it.
        var epoch = await epochs.CurrentAsync(tenant, cancel);
        await using var transaction = await database.BeginAsync(tenant, cancel);
        LogFloor floor;
        try { floor = await floors.ReadAsync(tenant, epoch, cancel); }
        catch (LedgerProblemException)
        {
            // A log that lost its mark may have gone on in another epoch, which this process does not know yet.
            await transaction.DisposeAsync();
            epochs.Forget(tenant);
            if (await epochs.CurrentAsync(tenant, cancel) != epoch) throw new CommitAgainException();
            throw;
        }

        // 2. Lock the head; under the lock take the Idempotency-Keys.
        var outcomes = new CommitOutcome?[group.Count];
        var claims = DistinctClaims(group, outcomes);
        var (head, won) = await ChainHead.LockAsync(transaction, tenant, claims, time.GetUtcNow(), cancel);
        if (head.Epoch != epoch)
        {
            epochs.Forget(tenant);
            throw new CommitAgainException();
        }
        // Nor older than the connection that it was exchanged for, had it died in the pool, nor than the server at the end of it.
        database.Saw(head.Server);
        if ((floor.Mark == MarkReading.Lately && transaction.Moved) || (floor.Mark != MarkReading.Failed && !floor.Knows(head.Server)))
        {
            floors.Expire(tenant, epoch);
            throw new CommitAgainException();
        }
        HeadCheck.Refuse(head, floor);
        floors.Vouch(tenant, epoch, head.Server);
        await WitnessAge.RefuseAsync(transaction, tenant, head, time.GetUtcNow(), cancel);

        // 3. Drop who lost a key, whose gate is closed, whose signing key was retired.
        await using var batch = transaction.Batch();
        for (var i = 0; i < group.Count; i++)
        {
            if (outcomes[i] is not null) continue;
            if (group[i].Claim is { } claim && !won.Contains(IdempotencyScope.Of(claim))) outcomes[i] = CommitOutcome.KeyTaken;
            else if (group[i].Entries.Any(e => head.EntryKeys.GetValueOrDefault(e.Key.KeyId)?.To is not null))
                outcomes[i] = CommitOutcome.KeyRetired;
            else if (group[i].Gate is { } gate && !await gate(transaction, cancel)) outcomes[i] = CommitOutcome.Dropped;
            if (outcomes[i] == CommitOutcome.KeyRetired && group[i].Claim is not null) IdempotencyStore.AddRelease(batch, tenant, group[i]);
        }

        // 4. Give seqs, link the chain, insert, move the head.
        var chain = new ChainLinks(tenant, head);
        for (var i = 0; i < group.Count; i++)
        {
            if (outcomes[i] is not null) continue;
            var first = chain.NextSeq;
            outcomes[i] = new CommitOutcome(CommitStatus.Stored, chain.Append(group[i].Entries));
            var (from, to) = chain.NextSeq > first ? ((long?)first, (long?)chain.NextSeq - 1) : (null, null);
            if (group[i].Claim is not null) IdempotencyStore.AddAnswer(batch, tenant, group[i], head.Epoch, from, to);
        }
        EntryRows.Add(batch, tenant, head.Epoch, chain.Rows);
        riders?.Add(tenant, new Riding(head.Policy, [.. chain.Rows.Select(r => r.Entry)], batch));
        for (var i = 0; i < group.Count; i++)
        {
            if (outcomes[i]!.Status == CommitStatus.Stored) group[i].Riders?.Invoke(new Riding(head.Policy, outcomes[i]!.Entries, batch));
        }
        foreach (var (keyId, from) in chain.NewKeys)
            batch.Add(KeyRangeStore.OpenSql, Text(tenant.Value), Int(head.Epoch), Text(KeyPurpose.Entry.SqlName()), Text(keyId),
                Long(from));
        batch.Add(Durable.Sql);
        batch.Add("UPDATE chain_heads SET next_seq = $3, head_hash = $4 WHERE tenant_id = $1 AND epoch = $2",
            Text(tenant.Value), Int(head.Epoch), Long(chain.NextSeq), Hash(chain.HeadHash));
        await batch.ExecuteNonQueryAsync(cancel);

        // 5. Durable, and from here on the log may never be shorter.
        await transaction.CommitAsync(cancel);
        floors.Acknowledge(tenant, head.Epoch, chain.NextSeq);
        return outcomes!;
    }

    // The same key twice in a group: the first is the request, the others wait for its answer like any later one.
    private static List<Submission> DistinctClaims(IReadOnlyList<Submission> group, CommitOutcome?[] outcomes)
    {
        var scopes = new HashSet<IdempotencyScope>();
        var claims = new List<Submission>();
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Claim is not { } claim) continue;
            if (scopes.Add(IdempotencyScope.Of(claim))) claims.Add(group[i]);
            else outcomes[i] = CommitOutcome.KeyTaken;
        }
        return claims;
    }
}

/// <summary>Between two steps the tenant opened a new epoch, or another database server took over: the group is committed again,
/// there.</summary>
internal sealed class CommitAgainException : Exception;
