using System.Globalization;

namespace Ledger.Verify.Entries;

/// <summary>Times as they are signed: RFC 3339, UTC, six fractional digits. https://www.rfc-editor.org/rfc/rfc3339</summary>
// Example: 2026-01-27T09:08:07.123456Z
public static class LedgerTime
{
    private const string Layout = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>
    /// Cut, not rounded, to microseconds: a signed time is never later than the clock was, and it survives a database's microseconds.
    /// </summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Layout, CultureInfo.InvariantCulture);

    /// <summary>Accepts exactly what <see cref="Format"/> writes.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, Layout, CultureInfo.InvariantCulture, Utc, out time) && Format(time) == text;
    }
}
