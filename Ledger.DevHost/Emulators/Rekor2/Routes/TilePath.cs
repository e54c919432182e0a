using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Emulators.Rekor2.Routes;

/// <summary>
/// A path of C2SP tlog-tiles, after <c>tile/</c>: <c>0/x001/067</c>, <c>1/000.p/17</c>, <c>entries/000</c>.
/// </summary>
/// <param name="Level">-1: entries.</param>
/// <param name="Width">Of a partial tile; 256: the full one.</param>
internal sealed partial record TilePath(int Level, long Index, int Width)
{
    public const int Full = 256, Entries = -1;

    public static TilePath? TryParse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        var level = match.Groups["level"].Value;
        var digits = match.Groups["index"].Value.Replace("x", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal);
        var index = long.Parse(digits, CultureInfo.InvariantCulture);
        var width = match.Groups["width"] is { Success: true } w ? int.Parse(w.Value, CultureInfo.InvariantCulture) : Full;
        return width is < 1 or > Full || (width == Full && match.Groups["width"].Success)
            ? null
            : new TilePath(level == "entries" ? Entries : int.Parse(level, CultureInfo.InvariantCulture), index, width);
    }

    [GeneratedRegex(@"^(?<level>[0-9]|[1-5][0-9]|6[0-3]|entries)/(?<index>(x[0-9]{3}/){0,4}[0-9]{3})(\.p/(?<width>[1-9][0-9]{0,2}))?$")]
    private static partial Regex Form();
}
