using System.Buffers;
using System.Buffers.Text;

namespace Ledger.DevHost.Emulators.Go;

/// <summary>
/// RFC 4648 base64 as Go's strict-padding decoder takes it: line breaks are skipped, nothing else is forgiven, and the error names
/// the byte at fault (<c>illegal base64 data at input byte 0</c>).
/// </summary>
internal static class GoBase64
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>The decoded bytes, or the offset that Go reports.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] decoded, out int errorAt)
    {
        errorAt = -1;
        if (!text.ContainsAny(Blanks) && TryPlain(text, out decoded))
            return true;
        errorAt = FirstError(text);
        decoded = [];
        if (errorAt >= 0)
            return false;
        var lines = text.ToArray().Where(b => b is not ((byte)'\r' or (byte)'\n')).ToArray();
        return TryPlain(lines, out decoded);
    }

    /// <summary>What Vault says of a text that does not decode.</summary>
    public static string Error(int errorAt) => $"illegal base64 data at input byte {errorAt}";

    private static bool TryPlain(ReadOnlySpan<byte> text, out byte[] decoded)
    {
        decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, decoded, out _, out var written) != OperationStatus.Done)
            return false;
        if (written != decoded.Length)
            Array.Resize(ref decoded, written);
        return true;
    }

    // Go decodes four characters at a time and blames the first of an unfinished group, but the very character that is foreign.
    private static int FirstError(ReadOnlySpan<byte> text)
    {
        var inGroup = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is (byte)'\r' or (byte)'\n')
                continue;
            if (c == '=')
                return PaddingError(text, at, inGroup);
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'+' or (byte)'/'))
                return at;
            inGroup = (inGroup + 1) % 4;
        }
        return inGroup == 0 ? -1 : text.Length - inGroup;
    }

    private static int PaddingError(ReadOnlySpan<byte> text, int at, int inGroup)
    {
        if (inGroup < 2)
            return at;
        var next = SkipLines(text, at + 1);
        if (inGroup == 2)
        {
            if (next == text.Length)
                return text.Length;
            if (text[next] != '=')
                return next - 1;
            next = SkipLines(text, next + 1);
        }
        return next < text.Length ? next : -1;
    }

    private static int SkipLines(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)'\r' or (byte)'\n')
            at++;
        return at;
    }
}
