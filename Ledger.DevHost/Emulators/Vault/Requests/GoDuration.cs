using System.Globalization;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>Go's durations: <c>1h</c>, <c>1h30m</c>, <c>90s</c>; plain digits are seconds, <c>7d</c> days.</summary>
internal static class GoDuration
{
    public static bool TryParseSeconds(string text, out long seconds)
    {
        seconds = 0;
        if (text.Length == 0 || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds))
            return true;
        double total = 0;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
                at++;
            if (!double.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number))
                return false;
            start = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
                at++;
            double unit = text[start..at] switch { "d" => 86400, "h" => 3600, "m" => 60, "s" => 1, "ms" => 0.001, _ => 0 };
            if (unit == 0)
                return false;
            total += number * unit;
        }
        seconds = (long)total;
        return true;
    }

    /// <summary>As Vault's warnings show them: <c>1h</c>, <c>1h1m40s</c>, <c>5s</c>.</summary>
    public static string Format(long seconds)
    {
        var (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        var text = (h > 0 ? $"{h}h" : "") + (m > 0 ? $"{m}m" : "") + (s > 0 ? $"{s}s" : "");
        return text.Length > 0 ? text : "0s";
    }
}
