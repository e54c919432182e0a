using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.Verify.Tests.Documents;

/// <summary>
/// The worked examples of a markdown page: fenced blocks whose first line ends in <c>example=name</c>. What the code computes must be what
/// the page shows. To write the page's examples anew after a deliberate change, run the tests with LEDGER_WRITE_EXAMPLES=1 and read the
/// diff.
/// </summary>
/*
```json example=leaf
{"key_id":"SHA256:…","kind":"ledger.leaf/v1",…}
```
*/
public static partial class MarkdownExamples
{
    private const string WriteVariable = "LEDGER_WRITE_EXAMPLES";

    /// <summary>
    /// The examples of a page by name. The line break before the closing fence is not part of an example that ends without one.
    /// </summary>
    /// <exception cref="FormatException">A name is used twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(string markdown)
    {
        var examples = new Dictionary<string, string>();
        foreach (Match block in Block().Matches(markdown))
        {
            if (!examples.TryAdd(block.Groups["name"].Value, block.Groups["text"].Value))
                throw new FormatException($"Two examples are named {block.Groups["name"].Value}.");
        }

        return examples;
    }

    /// <summary>
    /// What is wrong with a page, one line each: an example that is not the computed one, that nobody computes, or that is missing.
    /// </summary>
    public static IReadOnlyList<string> Differences(string markdown, IReadOnlyDictionary<string, string> computed, Func<string, bool> mine)
    {
        var shown = Read(markdown).Where(example => mine(example.Key)).ToDictionary();
        return
        [
            .. computed.Keys.Except(shown.Keys).Select(name => $"{name}: computed, but not in the page"),
            .. shown.Keys.Except(computed.Keys).Select(name => $"{name}: in the page, but not computed"),
            .. computed.Where(example => shown.TryGetValue(example.Key, out var text) && text != Shown(example.Value))
                .Select(example => $"{example.Key}: the page shows\n{shown[example.Key]}the code gives\n{Shown(example.Value)}"),
        ];
    }

    /// <summary>The differences of a page of the repository, after writing it anew where that was asked for.</summary>
    public static IReadOnlyList<string> Differences(string path, string page, IReadOnlyDictionary<string, string> computed,
        Func<string, bool> mine)
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) != "1") return Differences(page, computed, mine);
        page = Written(page, computed);
        File.WriteAllText(path, page, new UTF8Encoding(false));
        return Differences(page, computed, mine);
    }

    /// <summary>The page with the computed examples in the place of the shown ones.</summary>
    public static string Written(string markdown, IReadOnlyDictionary<string, string> computed) => Block().Replace(markdown, block =>
        computed.TryGetValue(block.Groups["name"].Value, out var text)
            ? block.Groups["open"].Value + Shown(text) + block.Groups["close"].Value : block.Value);

    private static string Shown(string example) => example.EndsWith('\n') ? example : example + "\n";

    [GeneratedRegex(@"(?<open>^```\w* example=(?<name>[a-z0-9-]+)\n)(?<text>[\s\S]*?)(?<close>^```$)", RegexOptions.Multiline)]
    private static partial Regex Block();
}
