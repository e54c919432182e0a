using System.Globalization;
using Ledger.Core.Problems;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Api.Operations;

/// <summary>Query values, strictly: a wrong one is a problem that names the parameter.</summary>
internal static class QueryValue
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private static readonly string[] TimeLayouts = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Items of a page; 100 where none is asked for.</summary>
    public static int Limit(string? text) =>
        text is null ? DefaultLimit
        : IsNumber(text, out var limit) && limit is >= 1 and <= MaxLimit ? (int)limit
        : throw Invalid("limit", $"'limit' must be a number from 1 to {MaxLimit}.");

    /// <summary>A size, seq or index: 0 to 2^53 − 1, decimal.</summary>
    public static long? Number(string? text, string name) =>
        text is null ? null : IsNumber(text, out var number) ? number
            : throw Invalid(name, $"'{name}' must be a number from 0 to 2^53 - 1.");

    public static long RequiredNumber(string? text, string name) =>
        Number(text, name) ?? throw Invalid(name, $"'{name}' is required.");

    public static int? Epoch(string? text) =>
        text is null ? null : IsNumber(text, out var epoch) && epoch is >= 1 and <= int.MaxValue ? (int)epoch
            : throw Invalid("epoch", "'epoch' must be a number from 1.");

    public static bool? Flag(string? text, string name) => text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Invalid(name, $"'{name}' must be true or false."),
    };

    public static Digest? Hash(string? text, string name) =>
        text is null ? null : Digest.TryParseHex(text, out var digest) ? digest
            : throw Invalid(name, $"'{name}' must be 64 lower-case hex digits.");

    /// <summary>Text that a member could hold: without U+0000.</summary>
    public static string? Text(string? text, string name) =>
        text?.Contains('\0') == true ? throw Invalid(name, $"'{name}' may not hold U+0000.") : text;

    /// <summary>RFC 3339 with Z or an offset, such as <c>2026-01-27T09:08:07Z</c>.</summary>
    public static DateTimeOffset? Time(string? text, string name) =>
        text is null ? null : TryTime(text, out var time) ? time
            : throw Invalid(name, $"'{name}' must be an RFC 3339 time such as 2026-01-27T09:08:07Z.");

    /// <summary>RFC 3339 with Z or an offset.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        LedgerTime.TryParse(text, out time)
            || DateTimeOffset.TryParseExact(text, TimeLayouts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>Decimal without sign, blanks or leading zeros.</summary>
    public static bool IsNumber(string text, out long number)
    {
        number = 0;
        return text.Length is >= 1 and <= 16 && (text[0] != '0' || text.Length == 1)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number <= Ledger.Verify.Limits.MaxSafeInteger;
    }

    private static LedgerProblemException Invalid(string name, string detail) => new(ProblemTypes.InvalidParameter, detail, name);
}
