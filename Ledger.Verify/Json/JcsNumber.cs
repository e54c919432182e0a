using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Ledger.Verify.Json;

/// <summary>
/// Numbers as ECMAScript prints them: the shortest digits that give the same double, laid out by its size.
/// https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3
/// </summary>
// Example: 333333333.33333329 → 333333333.3333333, 1E30 → 1e+30, 4.50 → 4.5, 2e-3 → 0.002, -0 → 0
public static class JcsNumber
{
    // "-1.7976931348623157E+308" is 24 long, "-2.2250738585072014E-308" too.
    private const int ShortestLength = 32;

    /// <exception cref="ArgumentOutOfRangeException">NaN and the infinities have no JSON form.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), "NaN and infinity have no JSON form.");
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        return Layout(Shortest(value, digits));
    }

    /// <summary>
    /// The canonical form of a text of JSON's number grammar, when the double nearest to it stands for exactly that decimal: 1.0, 1e2 and
    /// 0.10 do;
    /// 0.1000000000000000055, 9007199254740993 and 1e400 would silently become other numbers and are refused.
    /// </summary>
    internal static bool TryCanonicalize(ReadOnlySpan<byte> text, out string canonical)
    {
        canonical = "";
        Span<byte> given = stackalloc byte[DecimalValue.MaxDigits], shortest = stackalloc byte[DecimalValue.MaxDigits];
        if (!DecimalValue.TryRead(text, given, out var number)) return false;
        if (!TryNearest(number, out var value)) return false;
        var printed = Shortest(value, shortest);
        if (!printed.Equals(number)) return false;
        canonical = Layout(printed);
        return true;
    }

    private static bool TryNearest(in DecimalValue number, out double value)
    {
        value = 0;
        if (number.Digits.IsEmpty) return true;
        if (number.Point is < -400 or > 400) return false;
        Span<byte> text = stackalloc byte[ShortestLength];
        number.Digits.CopyTo(text);
        var length = number.Digits.Length;
        text[length++] = (byte)'E';
        Utf8Formatter.TryFormat((int)number.Point - number.Digits.Length, text[length..], out var written);
        if (!double.TryParse(text[..(length + written)], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return false;
        if (number.Negative) value = -value;
        return double.IsFinite(value);
    }

    private static DecimalValue Shortest(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[ShortestLength];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        DecimalValue.TryRead(text[..length], digits, out var shortest);
        return shortest;
    }

    private static string Layout(in DecimalValue value)
    {
        if (value.Digits.IsEmpty) return "0";
        var digits = Encoding.ASCII.GetString(value.Digits);
        var point = (int)value.Point;
        var text = point switch
        {
            >= 1 and <= 21 when digits.Length <= point => digits.PadRight(point, '0'),
            >= 1 and <= 21 => digits.Insert(point, "."),
            > -6 and <= 0 => "0." + new string('0', -point) + digits,
            _ => (digits.Length == 1 ? digits : digits.Insert(1, ".")) + "e" + (point - 1).ToString("+0;-0", CultureInfo.InvariantCulture),
        };
        return value.Negative ? "-" + text : text;
    }
}
