using Ledger.Verify;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>Every cap on what a transparency log or a timestamping authority may answer; bytes unless the name says otherwise.</summary>
public static class LogLimits
{
    /// <summary>A JSON answer: an entry with its proof, or ten of them; a search's ids.</summary>
    public const int AnswerBytes = 8 * 1024 * 1024;

    /// <summary>Nesting of a JSON answer.</summary>
    public const int AnswerDepth = 32;

    /// <summary>What is read of a refusal, for its message.</summary>
    public const int RefusalBytes = 64 * 1024;

    /// <summary>What is shown of a refusal.</summary>
    public const int MessageCharacters = 300;

    /// <summary>A checkpoint with its cosignatures.</summary>
    public const int CheckpointBytes = Limits.NoteBytes;

    /// <summary>A full tile.</summary>
    public const int TileBytes = Tiles.FullWidth * Digest.Size;

    /// <summary>A full entry bundle of the longest entries.</summary>
    public const int EntryBundleBytes = Limits.EntryBundleBytes;

    /// <summary>A timestamp with its chain of certificates.</summary>
    public const int TimestampBytes = 256 * 1024;

    /// <summary>Ids that one request for entries may name; what the public log takes.</summary>
    public const int EntriesAtOnce = 10;

    /// <summary>The longest pause that a log may ask for: a Retry-After of a year is not a freeze.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);
}
