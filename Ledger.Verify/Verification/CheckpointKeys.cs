using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Verification;

/// <summary>Which key of a log may have signed a checkpoint, and whether it did.</summary>
internal static class CheckpointKeys
{
    /// <summary>
    /// The text of a note's file; null when it is not UTF-8. Decoding would put another character in the place of what is not, and the note
    /// would be one of other bytes than were read.
    /// </summary>
    public static string? TextOf(ReadOnlySpan<byte> file) => Utf8.IsValid(file) ? Encoding.UTF8.GetString(file) : null;

    /// <summary>Reads a note and the checkpoint in it. Nobody has signed what comes out of here.</summary>
    public static bool TryParseUnverified(
        string text, [NotNullWhen(true)] out Note? note, [NotNullWhen(true)] out Checkpoint? checkpoint, out FailureCode failure)
    {
        checkpoint = null;
        return Note.TryParse(text, out note, out failure) && Checkpoint.TryParse(note.Text, out checkpoint, out failure);
    }

    /// <summary>
    /// Null when a key of this log that is valid at this size has signed the note. Signatures of other names are cosignatures and are
    /// ignored, as the signed-note rule asks; a signature that claims one of our keys and is wrong is never ignored.
    /// </summary>
    public static FailureCode? Verify(TrustLog log, Note note, Checkpoint checkpoint)
    {
        if (checkpoint.Origin != log.Origin) return FailureCode.OriginMismatch;
        FailureCode? outOfRange = null;
        foreach (var trusted in log.CheckpointKeys)
        {
            if (!note.Signatures.Any(signature => signature.Name == trusted.Key.Name && signature.KeyHash == trusted.Key.KeyHash)) continue;
            if (trusted.Key.Verify(note) is { } wrong) return wrong;
            if (trusted.Covers(checkpoint.Size)) return null;
            outOfRange = FailureCode.CheckpointKeyOutOfRange;
        }

        return outOfRange ?? FailureCode.NoteKeyUnknown;
    }
}
