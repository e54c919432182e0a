using System.Text.RegularExpressions;
using Ledger.Core.Tests.House;
using Ledger.Testing;

namespace Ledger.Core.Tests.Documents;

/// <summary>A page of the repository as a reader uses it: its links, its headings, its commands.</summary>
/// <param name="Path">From the repository's root, with '/'.</param>
internal sealed partial record Markdown(string Path, string Text)
{
    public static IReadOnlyList<Markdown> All { get; } =
        [.. SourceFile.Paths("*.md").Select(f => Read(System.IO.Path.GetRelativePath(RepositoryPath.Root, f.FullName).Replace('\\', '/')))];

    public static Markdown Read(string path) => new(path, File.ReadAllText(RepositoryPath.Of(path)));

    /// <summary>Links into the repository that lead nowhere: no such file, or no such heading in it.</summary>
    public IEnumerable<string> DeadLinks()
    {
        foreach (Match link in Link().Matches(WithoutBlocks()))
        {
            var (file, anchor) = (link.Groups["file"].Value, link.Groups["anchor"].Value);
            if (file.Contains("://", StringComparison.Ordinal)) continue;
            var target = file.Length == 0 ? Path : Normal(System.IO.Path.GetDirectoryName(Path) + "/" + file);
            var isThere = file.Length == 0 || System.IO.Path.Exists(RepositoryPath.Of(target));
            if (!isThere || (anchor.Length > 0 && !(file.Length == 0 ? this : Read(target)).Anchors().Contains(anchor)))
                yield return $"{Path}: {link.Value}";
        }
    }

    /// <summary>The lines of its shell examples, continued lines joined, without comments.</summary>
    public IEnumerable<string> Commands() =>
        Shell().Matches(Text).SelectMany(block => block.Groups["lines"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0);

    /// <summary>What stands between back-ticks, outside of blocks.</summary>
    public IEnumerable<string> Quoted() => BackTicks().Matches(WithoutBlocks()).Select(match => match.Groups["text"].Value);

    // GitHub's rule: lower case, blanks to hyphens, anything but letters, digits, hyphens and underscores left out.
    private IEnumerable<string> Anchors() => Heading().Matches(WithoutBlocks())
        .Select(heading => NotInAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private string WithoutBlocks() => Block().Replace(Text, "");

    private static string Normal(string path) => System.IO.Path.GetRelativePath(RepositoryPath.Root,
        System.IO.Path.GetFullPath(RepositoryPath.Of(path.TrimStart('/')))).Replace('\\', '/');

    [GeneratedRegex(@"\]\((?<file>[^)#\s]*)(#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```[\s\S]*?^```$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```sh\n(?<lines>[\s\S]*?)^```$", RegexOptions.Multiline)]
    private static partial Regex Shell();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`")]
    private static partial Regex BackTicks();
}
