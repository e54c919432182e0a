using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>An entry that is in a log, with all of its proofs verified.</summary>
/// <param name="Entry">As a Sigstore bundle has it.</param>
/// <param name="EntryId">v1: 80 hex digits (tree, leaf hash); v2: 64 hex digits of the log's id, ':', index.</param>
/// <param name="Raw">The log's answer, to the byte.</param>
/// <param name="Checkpoint">The verified checkpoint that the inclusion proof leads to.</param>
/// <param name="WasThere">The log had it already, by our own lost answer or by somebody else.</param>
public sealed record LoggedEntry(LogEntry Entry, string EntryId, byte[] Raw, LogCheckpoint Checkpoint, bool WasThere);
