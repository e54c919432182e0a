using System.Buffers.Binary;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// A transparency log's signed note as cosign reads it: unlike <see cref="Note"/> it may spell the base64 of a signature in other ways.
/// </summary>
/*
rekor.loopback.test - 2824519805661362833
9
tNgOl5A3sEUJzj0rghGotkuUoV1laIg4UiaCdOYJDjY=

— rekor.loopback.test 6Sra7zBEAiBJiARAAYe46VATDVHQ1OOrrBZMTmKJBYFtGEYClPagUgIgDSY8Cjd4KwsPEYL5fRVLWn0fb3MaQUVkNLMV1DkVcBw=
*/
internal static class LogNote
{
    private const string Start = "\u2014 ";

    public static bool TryParse(string note, out Note parsed, out FailureCode failure)
    {
        parsed = null!;
        failure = FailureCode.NoteTooBig;
        if (note.Length > Limits.NoteBytes) return false;
        failure = FailureCode.NoteMalformed;
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || split + 2 == note.Length || note[^1] != '\n' || !NoteText.IsText(note)) return false;
        var signatures = new List<NoteSignature>();
        foreach (var line in note[(split + 2)..^1].Split('\n', Limits.NoteSignatures + 1))
        {
            failure = FailureCode.NoteTooManySignatures;
            if (signatures.Count == Limits.NoteSignatures) return false;
            failure = FailureCode.NoteSignatureMalformed;
            if (!TryParseLine(line, out var signature)) return false;
            signatures.Add(signature);
        }

        parsed = new Note(note[..(split + 1)], signatures);
        failure = default;
        return true;
    }

    private static bool TryParseLine(string line, out NoteSignature signature)
    {
        signature = null!;
        if (!line.StartsWith(Start, StringComparison.Ordinal)) return false;
        var parts = line[Start.Length..].Split(' ', 2);
        if (parts.Length != 2 || !NoteSignature.IsName(parts[0])) return false;
        if (!LenientBase64.TryDecodeStandard(parts[1], out var bytes) || bytes.Length < 5) return false;
        signature = new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
        return true;
    }
}
