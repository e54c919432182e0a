using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>The epoch that was opened.</summary>
/// <param name="EntryId">Entry 0's, which carries <paramref name="PreviousCheckpoint"/>.</param>
/// <param name="PreviousCheckpoint">The signed note of the newest checkpoint of the epoch before that anybody may hold.</param>
public sealed record OpenedEpoch(int Epoch, string Origin, Guid EntryId, string PreviousCheckpoint);

/// <summary>Opens a tenant's next epoch: the way on for a log that its database no longer has as it was shown. A person decides it. Runs as
/// the owner's role; every step may be repeated, so a crash anywhere is mended by running it again.</summary>
public sealed class EpochOpening(LedgerDatabase database, VaultTransit vault, SigningKeyRegistry keys, VerifiedSigner signer,
    KeyNames names, IHighWaterMarkStore marks, EntryPreparation preparation, AuditOutbox audit, IOptions<LedgerOptions> options,
    TimeProvider time, ILogger<EpochOpening> log)
{
    /// <summary>Characters of a reason.</summary>
    public const int ReasonCharacters = 500;

    // A log that is written goes on while its next epoch is prepared: a checkpoint every second or so.
    private const int Tries = 10;

    private readonly EpochJudgement judgement = new(database, marks, keys, names, options.Value, log);
    private readonly EpochKeyring keyring = new(database, vault, keys, names);

    /// <param name="reason">Why, in a person's words: it goes into entry 0's metadata and into the audit trail.</param>
    /// <param name="force">Also where the log is sound.</param>
    /// <exception cref="LogOpeningException">No such tenant, a sound log, or nothing that could be carried over.</exception>
    /// <exception cref="IOException">The store of marks cannot be reached.</exception>
    public async Task<OpenedEpoch> OpenAsync(TenantId tenant, string reason, bool force, string actor, CancellationToken cancel)
    {
        // 1. Is there anything to recover from? Said as the integrators would say it.
        var last = await CurrentAsync(tenant, cancel);
        if (!force && await judgement.FindingAsync(last, cancel) is null)
            throw new LogOpeningException($"{last} is sound: nothing is lost by going on with it. --force opens an epoch all the same.");

        for (var tries = 1; ; tries++)
        {
            // 2. The newest checkpoint that anybody may hold, and the number that nobody has seen yet.
            var handover = await judgement.HandoverAsync(last, cancel);
            var next = handover.Next;

            // 3. Keys: a new version of the tenant's own, the service's as they are. All recorded before anything is signed with them.
            var own = await keyring.KeysAsync(last, cancel);

            // 4. The mark, before there is a log that could be rolled back behind it.
            await marks.TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, next.Epoch), cancel);

            // 5. Entry 0, signed. A signature that nobody has seen binds nobody: a crash here loses nothing.
            var entry = await FirstEntryAsync(next, handover.Note, reason, cancel);

            // 6. Rows, entry 0 and the switch, all or none: from here on the tenant appends there.
            try
            {
                var audited = new AuditEvent(actor, "epoch.open", $"{next}: {reason}");
                var origin = await StoreAsync(last, handover, own, entry, audited, cancel);
                return new OpenedEpoch(next.Epoch, origin, entry.Id, handover.Note);
            }
            catch (PostgresException e) when (e.ConstraintName == "key_ranges_of_one_epoch" && tries < Tries)
            {
                // A worker signed for the old epoch with the version that was meant for the new one: that one is the old epoch's now.
            }
            catch (HandoverMovedException) when (tries < Tries)
            {
                // The old epoch was written on meanwhile: entry 0 carries over what it was left with.
            }
        }
    }

    private async Task<LogId> CurrentAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT current_epoch FROM tenants WHERE tenant_id = $1", cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel) ? new LogId(tenant, reader.GetInt32(0))
            : throw new LogOpeningException($"There is no tenant '{tenant}' here.");
    }

    private async Task<PreparedEntry> FirstEntryAsync(LogId next, string note, string reason, CancellationToken cancel)
    {
        // What is stated about is the note itself: it can be given to a verifier as the artifact.
        var item = new AppendItem($"epoch {next.Epoch}", Digest.Sha256(Encoding.UTF8.GetBytes(note)), MetaOf(reason));
        var entry = preparation.Prepare(next.Tenant, item, PredicateTypes.Epoch, note);
        var outcome = (await signer.SignAsync(names.Entry, KeyPurpose.Entry, null, [entry.Pae], cancel))[0];
        if (outcome.Problem is { } problem) throw new LedgerProblemException(problem);
        entry.SignedBy(outcome.Key!, outcome.Signature!);
        return entry;
    }

    /// <remarks>Raw: <c>{"reason":"restored from the backup of Sunday"}</c></remarks>
    private static byte[] MetaOf(string reason) =>
        Jcs.TryCanonicalize(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["reason"] = reason }),
            new JsonLimits(AppendLimits.MetaDepth, AppendLimits.MetaBytes), out var canonical, out var failure) ? canonical
            : throw new LogOpeningException($"The reason cannot be kept: {failure}.");

    private async Task<string> StoreAsync(LogId last, Handover handover, IReadOnlyList<SigningKey> own, PreparedEntry entry,
        AuditEvent audited, CancellationToken cancel)
    {
        var (tenant, epoch) = handover.Next;
        var origin = options.Value.OriginOf(tenant, epoch);
        await using var transaction = await database.BeginAsync(tenant, cancel);
        // The tenant's row before its head, as everybody takes them who takes both: a suspension that runs at the same time waits.
        await transaction.ExecuteAsync("SELECT 1 FROM tenants WHERE tenant_id = $1 FOR NO KEY UPDATE", cancel, Text(tenant.Value));
        // Under the lock of the old head: an append that waits for it finds the new epoch, and so does another run of this.
        await transaction.ExecuteAsync("SELECT 1 FROM chain_heads WHERE tenant_id = $1 AND epoch = $2 FOR UPDATE", cancel,
            Text(tenant.Value), Int(last.Epoch));
        if (await transaction.ExecuteAsync("UPDATE tenants SET current_epoch = $3 WHERE tenant_id = $1 AND current_epoch = $2", cancel,
            Text(tenant.Value), Int(last.Epoch), Int(epoch)) == 0)
            throw new LogOpeningException($"{last} was closed meanwhile by somebody else.");
        // What entry 0 states was read before the lock.
        if (await judgement.NewestAsync(last, cancel) != (handover.Next, handover.Of, handover.Note))
            throw new HandoverMovedException(last);
        // A database from before a rotation has forgotten that this key signed there; who verifies the note must find it.
        if (handover.Of == last)
            await KeyRangeStore.OpenAsync(transaction, tenant, last.Epoch, KeyPurpose.Checkpoint, handover.KeyId, handover.Size, cancel);

        var chain = new ChainLinks(tenant, ChainHead.OfEmptyLog(epoch, origin));
        chain.Append([entry]);
        await using var batch = transaction.Batch();
        EpochRows.Add(batch, handover.Next, origin, own, time.GetUtcNow());
        EntryRows.Add(batch, tenant, epoch, chain.Rows);
        batch.Add("UPDATE chain_heads SET next_seq = $3, head_hash = $4 WHERE tenant_id = $1 AND epoch = $2",
            Text(tenant.Value), Int(epoch), Long(chain.NextSeq), Hash(chain.HeadHash));
        await batch.ExecuteNonQueryAsync(cancel);
        await audit.WriteAsync(transaction, tenant, audited, cancel);
        await transaction.CommitAsync(cancel);
        return origin;
    }
}

/// <summary>A newer checkpoint was shown while the next epoch was prepared.</summary>
internal sealed class HandoverMovedException(LogId log) : LogOpeningException($"{log} is written faster than it can be left: try again.");
