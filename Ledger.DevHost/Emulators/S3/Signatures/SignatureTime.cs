using System.Globalization;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>The time of a signature. <code>20130524T000000Z</code></summary>
internal static class SignatureTime
{
    public const string Form = "yyyyMMdd'T'HHmmss'Z'";

    public static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    /// <summary>Null: it is none.</summary>
    public static DateTimeOffset? Parse(string text)
        => DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>Of <c>Date</c>, whose form is another (RFC 9110, 5.6.7).</summary>
    public static DateTimeOffset? ParseDate(string text)
        => DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : Parse(text);
}
