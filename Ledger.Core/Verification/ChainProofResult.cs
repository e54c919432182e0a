using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.Verification;

/// <summary>What <see cref="ChainProof"/> found.</summary>
/// <param name="NextSeq">Entries in the log, as its head says.</param>
/// <param name="HeadHash">The last entry's leaf hash, as its head says; zeros for an empty log.</param>
/// <param name="From">First seq that was checked.</param>
/// <param name="To">Last seq that was to be checked, inclusive; <see cref="From"/> − 1 where there was none.</param>
/// <param name="CheckedEntries">Entries that were checked and are right.</param>
/// <param name="Checkpoint">The latest one; its signature and root were checked.</param>
/// <param name="Halted">The slug that appends are refused with, or null.</param>
/// <param name="Mismatch">Null where everything that was looked at is right.</param>
public sealed record ChainProofResult(TenantId Tenant, int Epoch, string Origin, bool Full, long NextSeq, Digest HeadHash, long From,
    long To, long CheckedEntries,
    StoredCheckpoint? Checkpoint, ScrubState Scrub, string? Halted, ChainMismatch? Mismatch);

/// <summary>How far the continuous check of the whole log is. The incremental answer cannot see older tampering; this can.</summary>
/// <param name="NextSeq">Where the current pass goes on.</param>
/// <param name="Passes">Complete passes so far.</param>
/// <param name="Finding">The lowest mismatch it ever found; kept until a person removes it.</param>
public sealed record ScrubState(long NextSeq, long Passes, DateTimeOffset? LastPassAt, ChainMismatch? Finding, DateTimeOffset? FindingAt)
{
    public static readonly ScrubState NotYet = new(0, 0, null, null, null);

    internal const string Columns = "s.next_seq, s.passes, s.last_pass_at, s.finding_reason, s.finding_seq, s.finding_at";

    internal static ScrubState Read(Npgsql.NpgsqlDataReader reader, int at) => new(
        reader.GetInt64(at), reader.GetInt64(at + 1), Time(reader, at + 2),
        reader.GetTextOrNull(at + 3) is { } reason ? new ChainMismatch(MismatchReasons.Parse(reason), reader.GetInt64(at + 4)) : null,
            Time(reader, at + 5));

    private static DateTimeOffset? Time(Npgsql.NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null
        : reader.GetTime(column);
}
