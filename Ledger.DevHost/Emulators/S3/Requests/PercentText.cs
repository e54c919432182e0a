using System.Text;

namespace Ledger.DevHost.Emulators.S3.Requests;

/// <summary>Percent-encoding (RFC 3986) of UTF-8. <code>pi%C3%A8ces/a%20b</code></summary>
internal static class PercentText
{
    /// <summary>What is no UTF-8 becomes U+FFFD; a percent sign without two hex digits stays.</summary>
    public static string Decoded(string text, bool plusIsSpace = false)
    {
        if (!text.Contains('%', StringComparison.Ordinal) && !(plusIsSpace && text.Contains('+', StringComparison.Ordinal)))
            return text;
        var bytes = new List<byte>(text.Length);
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && Digit(source[i + 1]) is { } high && Digit(source[i + 2]) is { } low)
            {
                bytes.Add((byte)((high << 4) | low));
                i += 2;
            }
            else
            {
                bytes.Add(plusIsSpace && source[i] == '+' ? (byte)' ' : source[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Letters, digits and <c>-_.~</c> stay, and what else is named; a space is <c>%20</c>.</summary>
    public static string Encoded(string text, string stays = "")
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~'
                || (b < 128 && stays.Contains((char)b, StringComparison.Ordinal)))
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return encoded.ToString();
    }

    private static int? Digit(byte letter) => char.IsAsciiHexDigit((char)letter) ? Convert.ToInt32(((char)letter).ToString(), 16) : null;
}
