using System.Text.Json.Serialization;
using Ledger.Api.Anchoring;
using Ledger.Api.Checkpoints;
using Ledger.Core.Verification;
using Ledger.Verify.Entries;

namespace Ledger.Api.Verification;

/// <summary>The stored chain verifies as far as it was checked. A chain that does not is 409 <c>fact_chain_mismatch</c>.</summary>
public sealed record ChainProofAnswer(ChainProofBody ChainProof)
{
    internal static ChainProofAnswer Of(ChainProofResult result, CheckpointBody? checkpoint, AnchorBody? anchor) => new(new ChainProofBody(
        result.Tenant.Value, result.Origin, result.Epoch,
        result.NextSeq == 0 ? null : new ChainPoint(result.NextSeq - 1, result.HeadHash.ToHex()),
        new CheckedRange(result.Full ? "full" : "incremental", result.From, result.To, result.CheckedEntries),
        checkpoint, anchor,
        ScrubBody.Of(result.Scrub), result.Halted));
}

/// <param name="Head">The last entry; null while the log is empty.</param>
/// <param name="LatestCheckpoint">Null before the first.</param>
/// <param name="Anchor">The newest anchor of a checkpoint of this log; its <c>size</c> says which entries it covers. Null until there is
/// one.</param>
/// <param name="Scrub">How far the continuous check of older entries is: the incremental answer cannot see what lies before its
/// range.</param>
/// <param name="Halted">The slug that appends are answered with; null while the log is sound.</param>
public sealed record ChainProofBody(
    string Tenant, string Origin, int Epoch,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ChainPoint? Head, CheckedRange Checked,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] CheckpointBody? LatestCheckpoint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] AnchorBody? Anchor, ScrubBody Scrub,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Halted);

public sealed record ChainPoint(long ChainSeq, string LeafHash);

/// <param name="Mode"><c>incremental</c> or <c>full</c>.</param>
/// <param name="To">Inclusive; one less than <paramref name="From"/> where there was nothing to check.</param>
/// <param name="Entries">How many were recomputed now.</param>
public sealed record CheckedRange(string Mode, long From, long To, long Entries);

/// <param name="NextSeq">Where the current pass goes on.</param>
/// <param name="Finding">What it last found wrong; null where nothing.</param>
public sealed record ScrubBody(
    long NextSeq, long Passes, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastPassAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ScrubFinding? Finding)
{
    internal static ScrubBody Of(ScrubState scrub) => new(
        scrub.NextSeq, scrub.Passes, scrub.LastPassAt is { } at ? LedgerTime.Format(at) : null,
        scrub.Finding is { } finding
            ? new ScrubFinding(finding.Reason.Slug(), finding.ChainSeq, scrub.FindingAt is { } found ? LedgerTime.Format(found) : null)
            : null);
}

public sealed record ScrubFinding(string MismatchReason, long ChainSeq, string? FoundAt);
