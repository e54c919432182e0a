namespace Ledger.Verify.Json;

/// <summary>
/// A decimal number in normal form, 0.d₁d₂…dₖ × 10^Point, with d₁ and dₖ not zero (zero has no digits and Point 0). Two texts are the same
/// number
/// exactly when their normal forms are equal.
/// </summary>
internal ref struct DecimalValue
{
    /// <summary>A double's shortest form never needs more.</summary>
    public const int MaxDigits = 17;

    // Far outside what a double holds, near enough that adding two of them cannot overflow.
    private const long FarExponent = 1L << 40;

    public bool Negative;
    public Span<byte> Digits;
    public long Point;

    /// <summary>
    /// Normalizes a text of JSON's number grammar. False when it has more than 17 significant digits, which no double's shortest form has.
    /// </summary>
    public static bool TryRead(scoped ReadOnlySpan<byte> text, Span<byte> buffer17, out DecimalValue value)
    {
        value = default;
        int count = 0, zeros = 0;
        bool fraction = false;
        var i = 0;
        for (; i < text.Length && text[i] is not ((byte)'e' or (byte)'E'); i++)
        {
            if (text[i] == '-')
            {
                value.Negative = true;
            }
            else if (text[i] == '.')
            {
                fraction = true;
            }
            else if (text[i] == '0')
            {
                // Leading zeros only move the point, inner ones are kept until a digit follows them, trailing ones vanish.
                if (count > 0) zeros++;
                if (count > 0 && !fraction) value.Point++;
                if (count == 0 && fraction) value.Point--;
            }
            else
            {
                if (count + zeros + 1 > MaxDigits) return false;
                for (; zeros > 0; zeros--) buffer17[count++] = (byte)'0';
                buffer17[count++] = text[i];
                if (!fraction) value.Point++;
            }
        }

        value.Digits = buffer17[..count];
        value.Point = count == 0 ? 0 : value.Point + Exponent(text[i..]);
        return true;
    }

    public readonly bool Equals(in DecimalValue other) =>
        Point == other.Point && Digits.SequenceEqual(other.Digits) && (Negative == other.Negative || Digits.IsEmpty);

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        long exponent = 0;
        var negative = false;
        foreach (var c in text)
        {
            if (c == '-') negative = true;
            if (c is >= (byte)'0' and <= (byte)'9' && exponent < FarExponent) exponent = exponent * 10 + (c - '0');
        }

        return negative ? -exponent : exponent;
    }
}
