using System.Diagnostics;
using System.Security.Cryptography;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Entries;

/// <summary>What one request wants committed as a whole: its signed entries, with consecutive seqs,
/// and its claim to an Idempotency-Key.</summary>
public sealed class Submission
{
    public Submission(IReadOnlyList<PreparedEntry> entries, IdempotencyClaim? claim = null, string? refused = null)
    {
        Entries = entries;
        Claim = claim;
        Refused = refused;
        if (claim is null) return;
        ClaimSalt = RandomNumberGenerator.GetBytes(32);
        ClaimFingerprint = claim.Fingerprint(ClaimSalt);
    }

    public IReadOnlyList<PreparedEntry> Entries { get; }

    public IdempotencyClaim? Claim { get; }

    public byte[]? ClaimSalt { get; }

    public byte[]? ClaimFingerprint { get; }

    /// <summary>The refused items of a batch, kept with its key so that the answer can be rebuilt.
    /// See <see cref="RefusedItems"/>.</summary>
    public string? Refused { get; }

    /// <summary>Runs under the head lock before seqs are given; false drops the submission.
    /// For writers that move a row of their own into the log.</summary>
    public Func<LedgerTransaction, CancellationToken, Task<bool>>? Gate { get; init; }

    /// <summary>Rows that are stored together with the entries or not at all: commands for the group's own batch, so that they cost no
    /// round trip, and no submission waits for another's. Called under the head lock once seqs are given. A row that the database refuses
    /// sends every submission of the group on its way alone.</summary>
    public Action<Riding>? Riders { get; init; }

    /// <summary>Whose span waits for it.</summary>
    internal ActivityContext WaitedForBy { get; } = LedgerSpans.Here;

    /// <summary>The span of the group commit that it was in.</summary>
    internal ActivityContext CommittedBy { get; set; }

    internal TaskCompletionSource<CommitOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What riders ride on.</summary>
/// <param name="Policy">The tenant's, as the head lock sees it.</param>
/// <param name="Entries">The submission's own, with their seqs.</param>
/// <param name="Batch">Runs after the entries were inserted, before the commit.</param>
public sealed record Riding(AnchorPolicy Policy, IReadOnlyList<StoredEntry> Entries, LedgerBatch Batch);

/// <summary>How a submission ended, when nothing failed.</summary>
public enum CommitStatus
{
    /// <summary>Durable; <see cref="CommitOutcome.Entries"/> are the stored rows.</summary>
    Stored,

    /// <summary>Its Idempotency-Key was taken by an earlier request, which has the answer.</summary>
    KeyTaken,

    /// <summary>Signed with a key that was retired meanwhile: sign again, submit again.</summary>
    KeyRetired,

    /// <summary>Its gate was closed.</summary>
    Dropped,
}

public sealed record CommitOutcome(CommitStatus Status, IReadOnlyList<StoredEntry> Entries)
{
    public static readonly CommitOutcome KeyTaken = new(CommitStatus.KeyTaken, []);
    public static readonly CommitOutcome KeyRetired = new(CommitStatus.KeyRetired, []);
    public static readonly CommitOutcome Dropped = new(CommitStatus.Dropped, []);
}
