using System.Text;
using System.Text.Unicode;

namespace Ledger.Verify.Json;

/// <summary>
/// Strings: whatever escapes they come with, they leave with RFC 8785's, which are the shortest and only where JSON demands one.
/// https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.2
/// </summary>
// Example: "\u20ac\/\u000F\u000aA'" → "€/\u000f\nA'"
internal static class JcsString
{
    /// <summary>Copies one string, from its opening to its closing quote.</summary>
    public static JsonFailure Copy(ReadOnlySpan<byte> json, ref JcsWriter output, out int consumed)
    {
        consumed = 0;
        output.Append((byte)'"');
        var at = 1;
        while (true)
        {
            var plain = json[at..];
            var length = PlainLength(plain);
            if (length == plain.Length) return JsonFailure.Malformed;
            if (!Utf8.IsValid(plain[..length])) return JsonFailure.InvalidUtf8;
            output.Append(plain[..length]);
            at += length;
            if (json[at] == '"') break;
            if (json[at] != '\\') return JsonFailure.Malformed;
            var failure = Escape(json, ref at, out var rune);
            if (failure != JsonFailure.None) return failure;
            Append(ref output, rune);
        }

        output.Append((byte)'"');
        consumed = at + 1;
        return JsonFailure.None;
    }

    /// <summary>The text of a string in its RFC 8785 form, quotes included.</summary>
    public static string Decode(ReadOnlySpan<byte> canonical)
    {
        var inner = canonical[1..^1];
        if (!inner.Contains((byte)'\\')) return Encoding.UTF8.GetString(inner);
        var text = new StringBuilder(inner.Length);
        for (var at = 0; at < inner.Length;)
        {
            var length = PlainLength(inner[at..]);
            text.Append(Encoding.UTF8.GetString(inner.Slice(at, length)));
            at += length;
            if (at == inner.Length) break;
            Escape(inner, ref at, out var rune);
            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && text[length] is not ((byte)'"' or (byte)'\\' or < 0x20)) length++;
        return length;
    }

    private static void Append(ref JcsWriter output, Rune rune)
    {
        if (rune.Value is '"' or '\\' or < 0x20)
        {
            output.Append(JcsWriter.Escape((byte)rune.Value));
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        output.Append(utf8[..rune.EncodeToUtf8(utf8)]);
    }

    private static JsonFailure Escape(ReadOnlySpan<byte> json, ref int at, out Rune rune)
    {
        rune = default;
        if (at + 1 >= json.Length) return JsonFailure.Malformed;
        var letter = json[at + 1];
        if (letter == 'u') return UnicodeEscape(json, ref at, out rune);
        var index = "\"\\/bfnrt"u8.IndexOf(letter);
        if (index < 0) return JsonFailure.Malformed;
        rune = new Rune("\"\\/\b\f\n\r\t"[index]);
        at += 2;
        return JsonFailure.None;
    }

    private static JsonFailure UnicodeEscape(ReadOnlySpan<byte> json, ref int at, out Rune rune)
    {
        rune = default;
        if (!TryUnit(json[at..], out var unit)) return JsonFailure.Malformed;
        at += 6;
        if (unit == '\0') return JsonFailure.NulCharacter;
        if (Rune.TryCreate(unit, out rune)) return JsonFailure.None;
        if (!TryUnit(json[at..], out var low) || !Rune.TryCreate(unit, low, out rune)) return JsonFailure.LoneSurrogate;
        at += 6;
        return JsonFailure.None;
    }

    private static bool TryUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < 6 || escape[0] != '\\' || escape[1] != 'u') return false;
        var value = 0;
        foreach (var c in escape[2..6])
        {
            if (!char.IsAsciiHexDigit((char)c)) return false;
            value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        unit = (char)value;
        return true;
    }
}
