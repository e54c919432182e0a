namespace Ledger.Core.Verification;

/// <summary>Why a stored chain does not verify (<c>mismatch_reason</c>), in the order in which they are looked for.</summary>
public enum MismatchReason
{
    /// <summary>A seq below the last row's has no row.</summary>
    FactMissing,

    /// <summary>The rows end elsewhere than the head says: the tail was cut, or the head moved.</summary>
    ChainSeqGap,

    /// <summary>The stored <c>prev</c> is not the recomputed leaf hash of the entry before.</summary>
    PreviousHashMismatch,

    /// <summary>The statement's columns or its signature do not match.</summary>
    EventHashMismatch,

    /// <summary>The recomputed leaf is not the stored leaf hash, tile, head or checkpoint.</summary>
    ChainHashMismatch,
}

public static class MismatchReasons
{
    /// <summary>As answers and tables spell it.</summary>
    public static string Slug(this MismatchReason reason) => reason switch
    {
        MismatchReason.FactMissing => "fact_missing",
        MismatchReason.ChainSeqGap => "chain_seq_gap",
        MismatchReason.PreviousHashMismatch => "previous_hash_mismatch",
        MismatchReason.EventHashMismatch => "event_hash_mismatch",
        _ => "chain_hash_mismatch",
    };

    public static MismatchReason Parse(string slug) => Enum.GetValues<MismatchReason>().First(r => r.Slug() == slug);
}

/// <summary>What is wrong, and at which seq.</summary>
public sealed record ChainMismatch(MismatchReason Reason, long ChainSeq);
