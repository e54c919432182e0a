using System.Globalization;

namespace Ledger.Verify.Entries;

/// <summary>What a log's name says of its epoch.</summary>
// Example: ledger.localhost/log/demo is tenant demo's epoch 1, ledger.localhost/log/demo/2 its epoch 2.
internal static class LogOrigin
{
    /// <summary>The epoch of this tenant that has that name; null when the name is not one of this tenant's.</summary>
    public static long? EpochOf(string origin, string tenant)
    {
        var first = "/log/" + tenant;
        if (origin.EndsWith(first, StringComparison.Ordinal)) return 1;
        var slash = origin.LastIndexOf('/');
        if (slash < 0 || !origin.AsSpan(0, slash).EndsWith(first, StringComparison.Ordinal)) return null;
        var digits = origin.AsSpan(slash + 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && epoch > 1 && digits[0] != '0'
            ? epoch : null;
    }

    /// <summary>Whether a statement of that type may be at that place: an epoch statement begins a later epoch,
    /// and nothing else does.</summary>
    public static bool Fits(string predicateType, string origin, string tenant, long seq) =>
        (predicateType == PredicateTypes.Epoch) == (seq == 0 && EpochOf(origin, tenant) > 1);
}
