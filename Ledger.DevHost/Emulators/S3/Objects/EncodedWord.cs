using System.Globalization;
using System.Text;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>A header value that is not ASCII, in the Q encoding of RFC 2047. <code>=?UTF-8?q?=C3=89lodie_=E2=9A=96?=</code></summary>
internal static class EncodedWord
{
    private const string Start = "=?UTF-8?q?";
    private const string End = "?=";
    private const int MaxWord = 75;

    /// <summary>What is printable ASCII stays as it is, encoded words included.</summary>
    public static string Of(string value)
    {
        if (value.All(c => c is >= ' ' and <= '~' or '\t'))
            return value;
        var (text, word) = (new StringBuilder(Start), 0);
        foreach (var rune in value.EnumerateRunes())
        {
            var encoded = Encoded(rune);
            if (word + encoded.Length > MaxWord - Start.Length - End.Length)
            {
                text.Append(End).Append(' ').Append(Start);
                word = 0;
            }
            text.Append(encoded);
            word += encoded.Length;
        }
        return text.Append(End).ToString();
    }

    private static string Encoded(Rune rune)
    {
        if (rune.Value == ' ')
            return "_";
        if (rune.Value is >= '!' and <= '~' and not '=' and not '?' and not '_')
            return rune.ToString();
        Span<byte> bytes = stackalloc byte[4];
        var encoded = new StringBuilder();
        foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            encoded.Append('=').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        return encoded.ToString();
    }
}
