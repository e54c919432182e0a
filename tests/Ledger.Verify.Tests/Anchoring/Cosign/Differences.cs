using System.Text.RegularExpressions;
using Ledger.Verify.Tests.Documents;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>The table in docs/verify.md of what cosign accepts and this verifier refuses on purpose.</summary>
internal static class Differences
{
    /// <summary>By the name in the first column.</summary>
    public static IReadOnlySet<string> Documented { get; } = Read();

    /// <summary>Under which of them a change of a real bundle falls; null for those that both must see alike.</summary>
    public static string? OfChange(JudgedBundle judged, string change)
    {
        if (change.Contains("/kindVersion", StringComparison.Ordinal)) return "kind-version";
        return judged.Name.StartsWith("v2", StringComparison.Ordinal) && change.Contains("/canonicalizedBody", StringComparison.Ordinal)
            ? "body" : null;
    }

    private static HashSet<string> Read()
    {
        var page = RepositoryFile.Read("docs/verify.md").ReplaceLineEndings("\n");
        var section = page[page.IndexOf("### Where it differs from cosign", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        return [.. Regex.Matches(section, @"^\| `([a-z-]+)` \| \S", RegexOptions.Multiline).Select(row => row.Groups[1].Value)];
    }
}
