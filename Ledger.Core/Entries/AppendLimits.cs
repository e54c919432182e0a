namespace Ledger.Core.Entries;

/// <summary>Every cap on what a writer may send.</summary>
public static class AppendLimits
{
    /// <summary>Unicode code points of a subject; at least one.</summary>
    public const int SubjectCharacters = 256;

    /// <summary>Bytes of a decoded payload; at least one.</summary>
    public const int PayloadBytes = 1024 * 1024;

    /// <summary>Bytes of the metadata in its RFC 8785 form.</summary>
    public const int MetaBytes = 16 * 1024;

    /// <summary>Nesting of the metadata; the object itself is depth 1.</summary>
    public const int MetaDepth = 8;

    /// <summary>Items of one batch.</summary>
    public const int BatchItems = 1000;

    /// <summary>Bytes of the body of POST /append: a payload in base64, a subject of escapes, metadata before canonicalisation.</summary>
    public const int SingleBodyBytes = 2 * 1024 * 1024;

    /// <summary>Bytes of the body of POST /append/batch.</summary>
    public const int BatchBodyBytes = 16 * 1024 * 1024;

    /// <summary>Visible ASCII characters of an Idempotency-Key.</summary>
    public const int IdempotencyKeyCharacters = 255;

    /// <summary>Entries of one tenant waiting for their group commit in one process; beyond it a caller is told to come back.</summary>
    public const int WaitingEntries = 20_000;
}
