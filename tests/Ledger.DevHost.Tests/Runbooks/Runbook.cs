using System.Text.RegularExpressions;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>What a runbook tells a person to type, and what it shows them in answer.</summary>
/// <param name="Section">The heading it stands under.</param>
/// <param name="Language"><c>sh</c> or <c>sql</c>.</param>
/// <param name="Expected">Lines that the answer has, in this order, <c>…</c> standing for anything; null where none are shown.</param>
internal sealed partial record RunbookStep(string Section, string Language, string Command, string? Expected)
{
    // A heading, or a block with its language, and, right after it, a block without one:
    //     ## Identify
    //     ```sh
    //     curl -s $LEDGER_API/health
    //     ```
    //
    //     ```
    //     {"status":"degraded","database":"ok","rekor":false}
    //     ```
    public static IReadOnlyList<RunbookStep> ReadAll(string page)
    {
        var steps = new List<RunbookStep>();
        var section = "";
        foreach (Match part in Part().Matches(File.ReadAllText(RepositoryPath.Of("docs", "runbooks", page))))
        {
            if (part.Groups["heading"].Success) section = part.Groups["heading"].Value;
            else
                steps.Add(new RunbookStep(section, part.Groups["language"].Value, part.Groups["command"].Value,
                    part.Groups["expected"].Success ? part.Groups["expected"].Value : null));
        }
        return steps;
    }

    /// <summary>What a test does before a page's reader comes.</summary>
    public static RunbookStep Before(string command) => new("before", "sh", command, null);

    /// <summary>The first expected line that the answer lacks; null where it has them all.</summary>
    public string? Missing(string answer)
    {
        var lines = answer.Split('\n').Select(line => Blanks().Replace(line.Trim(), " ")).ToList();
        var from = 0;
        foreach (var expected in (Expected ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pattern = "^" + string.Join(".*", expected.Split('…').Select(text => Regex.Escape(Blanks().Replace(text, " ")))) + "$";
            var at = lines.FindIndex(from, line => Regex.IsMatch(line, pattern));
            if (at < 0) return expected;
            from = at + 1;
        }
        return null;
    }

    [GeneratedRegex(@"^## (?<heading>.+)$|^```(?<language>sh|sql)\n(?<command>[\s\S]*?)^```$(\n\n^```\n(?<expected>[\s\S]*?)^```$)?",
        RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
