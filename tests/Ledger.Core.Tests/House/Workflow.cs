using System.Text.RegularExpressions;
using Ledger.Testing;
using YamlDotNet.RepresentationModel;

namespace Ledger.Core.Tests.House;

/// <summary>One workflow of GitHub Actions, and what it may be blamed for.</summary>
internal sealed partial class Workflow(string name, string text)
{
    private readonly YamlMappingNode root = Root(text);

    public static IReadOnlyList<Workflow> All { get; } =
        [.. Directory.GetFiles(RepositoryPath.Of(".github", "workflows")).Order(StringComparer.Ordinal)
            .Select(path => new Workflow(Path.GetFileName(path), File.ReadAllText(path)))];

    public string Name => name;

    public IEnumerable<string> Jobs => Map(root, "jobs").Children.Keys.Select(key => key.ToString());

    /// <summary>Every <c>run</c> of every job.</summary>
    public IEnumerable<string> Scripts => Map(root, "jobs").Children.Values.Cast<YamlMappingNode>().SelectMany(Steps)
        .Select(step => Text(step, "run")).OfType<string>();

    /// <summary>One line per fault; none where all is well.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (Match use in Uses().Matches(text))
        {
            // uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
            if (!Pinned().IsMatch(use.Value) && !use.Groups["what"].Value.StartsWith("./", StringComparison.Ordinal))
                yield return $"{name}: {use.Value.Trim()} is not pinned by a commit with its version beside it";
        }
        if (text.Contains("pull_request_target", StringComparison.Ordinal))
            yield return $"{name}: runs a stranger's code with this repository's rights (pull_request_target)";
        if (Rights(root) is not "contents: read")
            yield return $"{name}: its rights are not contents: read, with more for single jobs";
        if (Scripts.Any(script => Pipe().IsMatch(script)) && !text.Contains("shell: bash", StringComparison.Ordinal))
            yield return $"{name}: a pipe's first command may fail unnoticed: only a shell that is named has pipefail";
        foreach (var (key, value) in Map(root, "jobs").Children)
        {
            var job = (YamlMappingNode)value;
            if (Text(job, "uses") is null && Text(job, "timeout-minutes") is null) yield return $"{name}: {key} has no time limit";
            foreach (var script in Steps(job).Select(step => Text(step, "run")).OfType<string>())
            {
                if (script.Contains("${{", StringComparison.Ordinal))
                    yield return $"{name}: {key} puts an expression's value into a script, where it is code: hand it over by env";
            }
        }
    }

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) =>
        job.Children.TryGetValue("steps", out var steps) ? ((YamlSequenceNode)steps).Children.Cast<YamlMappingNode>() : [];

    private static YamlMappingNode Root(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static string Rights(YamlMappingNode of) => of.Children.TryGetValue("permissions", out var rights)
        && rights is YamlMappingNode map ? string.Join(", ", map.Children.Select(r => $"{r.Key}: {r.Value}")) : "all";

    private static YamlMappingNode Map(YamlMappingNode of, string key) => (YamlMappingNode)of.Children[key];

    private static string? Text(YamlMappingNode of, string key) => of.Children.TryGetValue(key, out var node) ? node.ToString() : null;

    [GeneratedRegex(@"^[ \t]*(- )?uses:[ \t]*(?<what>\S+).*$", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@" \| ")]
    private static partial Regex Pipe();

    [GeneratedRegex(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
