using System.Text.RegularExpressions;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What docs/deploy.md says has to be made by hand: secrets and configuration maps, with their keys.</summary>
/// <remarks>Raw: <c>| Secret `ledger-db-api` | `username`, `password` | … |</c></remarks>
internal static partial class Provided
{
    /// <summary>Such as <c>Secret ledger-db-api/password</c>.</summary>
    public static IReadOnlySet<string> Keys { get; } = Row().Matches(File.ReadAllText(RepositoryPath.Of("docs", "deploy.md")))
        .SelectMany(row => Code().Matches(row.Groups["keys"].Value)
            .Select(key => $"{row.Groups["kind"].Value} {row.Groups["name"].Value}/{key.Groups[1].Value}"))
        .ToHashSet();

    [GeneratedRegex(@"^\| (?<kind>Secret|ConfigMap) `(?<name>[a-z0-9-]+)` \|(?<keys>[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
