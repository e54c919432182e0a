using System.Text;

namespace Ledger.Verify.Checkpoints;

/// <summary>
/// A signed note: text, a blank line, signature lines. Nothing here is verified: <see cref="VerifierKey.Verify"/> is.
/// https://c2sp.org/signed-note
/// </summary>
/// <param name="Text">With its final newline, without the blank line; may have empty lines of its own.</param>
/// <param name="Signatures">At least one, in the order of their lines, unknown ones included.</param>
/*
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
*/
public sealed record Note(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>The note as it is served and stored.</summary>
    public string Format() => $"{Text}\n{string.Concat(Signatures.Select(signature => signature.Format()))}";

    /// <summary>Parses strictly: what it accepts, <see cref="Format"/> gives back to the byte.</summary>
    public static bool TryParse(string note, out Note parsed, out FailureCode failure)
    {
        ArgumentNullException.ThrowIfNull(note);
        parsed = null!;
        failure = FailureCode.NoteTooBig;
        if (note.Length > Limits.NoteBytes) return false;
        failure = FailureCode.NoteMalformed;
        if (!NoteText.IsText(note)) return false;
        failure = FailureCode.NoteTooBig;
        if (Encoding.UTF8.GetByteCount(note) > Limits.NoteBytes) return false;

        // The last blank line: the text may have blank lines, signatures cannot.
        failure = FailureCode.NoteMalformed;
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || split + 2 == note.Length || note[^1] != '\n') return false;

        var signatures = new List<NoteSignature>();
        var lines = note.AsSpan(split + 2, note.Length - split - 3);
        foreach (var range in lines.Split('\n'))
        {
            failure = FailureCode.NoteTooManySignatures;
            if (signatures.Count == Limits.NoteSignatures) return false;
            failure = FailureCode.NoteSignatureMalformed;
            if (!NoteSignature.TryParse(lines[range], out var signature)) return false;
            signatures.Add(signature);
        }

        parsed = new Note(note[..(split + 1)], signatures);
        failure = default;
        return true;
    }

    public bool Equals(Note? other) => other is not null && Text == other.Text && Signatures.SequenceEqual(other.Signatures);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
