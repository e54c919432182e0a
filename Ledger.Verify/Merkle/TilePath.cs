using System.Globalization;
using System.Text;

namespace Ledger.Verify.Merkle;

/// <summary>The index and width part of a tile's path. https://c2sp.org/tlog-tiles</summary>
// Example: "x001/x234/067" is index 1234067 and full; "000.p/5" is index 0 with 5 entries.
internal static class TilePath
{
    public static string Format(long index, int width)
    {
        var path = new StringBuilder(index.ToString("D3", CultureInfo.InvariantCulture));
        while (path.Length % 3 != 0) path.Insert(0, '0');
        for (var at = path.Length - 3; at > 0; at -= 3) path.Insert(at, '/');
        var text = path.ToString();
        var last = text.LastIndexOf('/');
        if (last >= 0) text = "x" + text[..last].Replace("/", "/x", StringComparison.Ordinal) + text[last..];
        return width == Tiles.FullWidth ? text : string.Create(CultureInfo.InvariantCulture, $"{text}.p/{width}");
    }

    /// <summary>Parses leniently, formats again and compares: a tile has one path.</summary>
    public static bool TryParse(string path, out long index, out int width)
    {
        index = 0;
        width = Tiles.FullWidth;
        var full = path.AsSpan();
        var partial = full.IndexOf(".p/", StringComparison.Ordinal);
        if (partial >= 0)
        {
            if (!TryParseDecimal(full[(partial + 3)..], Tiles.FullWidth - 1, out var parsed) || parsed == 0) return false;
            width = (int)parsed;
            full = full[..partial];
        }

        foreach (var c in full)
        {
            if (c is 'x' or '/') continue;
            if (!char.IsAsciiDigit(c) || index > long.MaxValue / 10 - 1) return false;
            index = index * 10 + (c - '0');
        }

        return Format(index, width) == path;
    }

    /// <summary>A decimal without sign or leading zeros, up to <paramref name="max"/>.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<char> text, long max, out long value)
    {
        value = 0;
        if (text.Length is 0 or > 18 || (text[0] == '0' && text.Length > 1)) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }

        return value <= max;
    }
}
