using System.Text.RegularExpressions;

namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>Who a mail is from and who it goes to: what the commands said, not what its headers say.</summary>
internal sealed partial record Envelope(string From)
{
    public List<string> To { get; } = [];

    /// <summary>The address of `FROM:&lt;a@b.example&gt; SIZE=100` and what follows it; null where it is none. `&lt;&gt;` is an address of
    /// `MAIL` alone: a bounce.</summary>
    public static (string Address, string Parameters)? Parse(string text, string keyword)
    {
        var match = Path().Match(text);
        return match.Success && match.Groups["keyword"].Value.Equals(keyword, StringComparison.OrdinalIgnoreCase)
            && (match.Groups["address"].Length > 0 || keyword == "FROM")
            ? (match.Groups["address"].Value, match.Groups["parameters"].Value) : null;
    }

    [GeneratedRegex(@"^(?<keyword>\w+): ?<(?<address>([^<>\s@]+@[^<>\s@]+)?)>(?<parameters>( \S+)*)\s*$")]
    private static partial Regex Path();
}
