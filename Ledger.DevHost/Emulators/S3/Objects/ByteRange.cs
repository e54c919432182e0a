using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>Which bytes of an object are meant.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Length">How many.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Null: all of it, as with no range, several, or one of another unit.
    /// <code>bytes=0-4   bytes=6-   bytes=-5</code>
    /// </summary>
    /// <exception cref="S3Refusal">No byte is in it.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.Ordinal))
            return null;
        var text = header[Unit.Length..];
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !Number(text[..dash], out var first) || !Number(text[(dash + 1)..], out var last) || (first ?? last) is null)
            return null;
        if (first > last || (first is null && last == 0))
            throw S3Error.InvalidRange.Refuse();
        if (size == 0 || first >= size)
            throw new S3Refusal(S3Error.InvalidRange)
            {
                Fields = [("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture)), ("RangeRequested", text)],
            };
        if (first is not { } start)
            return new ByteRange(Math.Max(0, size - last!.Value), Math.Min(size, last.Value));
        return new ByteRange(start, Math.Min(last ?? long.MaxValue, size - 1) - start + 1);
    }

    /// <summary>bytes 0-4/12.</summary>
    public string ContentRange(long size) => $"bytes {First}-{First + Length - 1}/{size}";

    // Nothing is no number, and fine.
    private static bool Number(string digits, out long? number)
    {
        var good = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = good ? value : null;
        return good || digits.Length == 0;
    }
}
