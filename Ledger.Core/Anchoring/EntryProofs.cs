using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>Verifies what a log says of an entry, with the pinned key; nothing is taken from the answer that a signature does not cover.
/// </summary>
/// <param name="log">What is pinned.</param>
/// <param name="origin">v1: the host name of its checkpoints, null where any will do; v2: their first line.</param>
/// <param name="version">Of Rekor's API.</param>
internal sealed class EntryProofs(TrustedLog log, string? origin, int version)
{
    /// <summary>The verified checkpoint that the entry's inclusion proof leads to.</summary>
    /// <exception cref="LogException">Class Log, with the code of the first check that failed.</exception>
    public LogCheckpoint Verify(LogEntry entry)
    {
        if (entry.LogId != log.LogId) throw Refused(FailureCode.LogUnknown, "the entry names another log");
        Require(LogEntryChecks.Checkpoint(entry, log, out var checkpoint), "the checkpoint");
        RequireOrigin(checkpoint!);
        Require(LogEntryChecks.Inclusion(entry, checkpoint!), "the inclusion proof");
        if (version == 1) Require(LogEntryChecks.SignedEntryTimestamp(entry, log), "the signed entry timestamp");
        return checkpoint!;
    }

    /// <summary>What the log has signed with its pinned key under its own name.</summary>
    /// <exception cref="LogException">Class Log, with a code.</exception>
    public LogCheckpoint Verify(string note)
    {
        Require(LogCheckpoint.Verify(note, log, out var checkpoint), "the checkpoint");
        RequireOrigin(checkpoint!);
        return checkpoint!;
    }

    // v1: "rekor.example.com - 2824519805661362833", the number being the shard's tree.
    private void RequireOrigin(LogCheckpoint checkpoint)
    {
        if (origin is null || checkpoint.Origin == origin) return;
        if (version == 1 && checkpoint.Origin.StartsWith($"{origin} - ", StringComparison.Ordinal)) return;
        throw Refused(FailureCode.LogOriginMismatch, $"the checkpoint is of \"{LogRefusal.Line(checkpoint.Origin)}\", not of {origin}");
    }

    private static void Require(FailureCode? failure, string what)
    {
        if (failure is { } code) throw Refused(code, $"{what} does not hold: {code.Text()}");
    }

    private static LogException Refused(FailureCode code, string why) => new(LogFailureClass.Log, why, code);
}
