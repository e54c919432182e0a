namespace Ledger.Verify.Anchoring;

/// <summary>The checks of one log entry; null is a pass. Roots and sizes are believed only from a verified checkpoint.</summary>
public static class LogEntryChecks
{
    /// <summary>The entry's checkpoint is signed by this log.</summary>
    public static FailureCode? Checkpoint(LogEntry entry, TrustedLog log, out LogCheckpoint? checkpoint) => throw new NotImplementedException();

    /// <summary>The body is at the proof's index in the tree of the believed checkpoint, and the proof claims that size and root.</summary>
    public static FailureCode? Inclusion(LogEntry entry, LogCheckpoint believed) => throw new NotImplementedException();

    /// <summary>The log's promise: ECDSA over RFC 8785 of body, integratedTime, logID and the global logIndex (v1 only).</summary>
    public static FailureCode? SignedEntryTimestamp(LogEntry entry, TrustedLog log) => throw new NotImplementedException();
}
