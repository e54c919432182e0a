using System.Globalization;

namespace Ledger.DevHost.Emulators.Vault.Answers;

/// <summary>RFC 3339 in UTC with the fraction cut at its last digit that is not zero: <c>2026-11-22T05:14:53.19503153Z</c>.</summary>
internal static class GoTime
{
    public static string Format(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
