namespace Ledger.Verify.Checkpoints;

/// <summary>The characters of a note: what has a UTF-8 form, and no control characters but newline.
/// https://c2sp.org/signed-note#format</summary>
internal static class NoteText
{
    public static bool IsText(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < ' ' && text[i] != '\n') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>Text of one line, not empty and not longer than a key's name may be.</summary>
    public static bool IsLine(ReadOnlySpan<char> line) =>
        line.Length is > 0 and <= Limits.KeyNameBytes && !line.Contains('\n') && IsText(line);
}
