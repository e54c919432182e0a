using System.Globalization;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Checkpoints;

/// <summary>
/// A log's size and root, in the text that is signed and anchored: exactly three lines here. https://c2sp.org/tlog-checkpoint
/// </summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">Leaves, 0…2^53−1.</param>
/// <param name="Root">The RFC 6962 root of that many leaves.</param>
/*
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
*/
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>The note's text: three lines, each with its newline.</summary>
    public string Body() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{CanonicalBase64.Encode(Root.ToArray())}\n");

    /// <summary>
    /// Accepts exactly what <see cref="Body"/> writes. The text of a note is believed only after <see cref="VerifierKey.Verify"/>.
    /// </summary>
    public static bool TryParse(string body, out Checkpoint checkpoint, out FailureCode failure)
    {
        ArgumentNullException.ThrowIfNull(body);
        checkpoint = null!;
        failure = FailureCode.CheckpointMalformed;
        var lines = body.Split('\n', 5);
        if (lines.Length != 4 || lines[3].Length > 0 || !NoteText.IsLine(lines[0])) return false;
        failure = FailureCode.CheckpointSizeMalformed;
        if (!TilePath.TryParseDecimal(lines[1], Limits.MaxSafeInteger, out var size)) return false;
        failure = FailureCode.CheckpointRootMalformed;
        if (!CanonicalBase64.TryDecodeDigest(lines[2], out var root)) return false;
        checkpoint = new Checkpoint(lines[0], size, root);
        failure = default;
        return true;
    }

    /// <summary>What a note claims, before anyone has verified it: to choose the key or to show, never to believe.</summary>
    public static bool ParseUnverified(Note note, out Checkpoint checkpoint, out FailureCode failure)
    {
        ArgumentNullException.ThrowIfNull(note);
        return TryParse(note.Text, out checkpoint, out failure);
    }
}
