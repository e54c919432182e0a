using System.Text.RegularExpressions;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>docs/telemetry.md's tables against what the running programs sent.</summary>
[Collection(ObservedRun.Name)]
public sealed partial class TelemetryDocumentTests(ObservedStack stack)
{
    [PostgresFact(linux: true)]
    public void The_page_lists_our_metrics_with_their_labels()
    {
        var emitted = stack.Received.Metrics.Where(metric => metric.Meter == "Ledger").GroupBy(metric => metric.Name)
            .ToDictionary(same => same.Key, same => same.SelectMany(m => m.Points.SelectMany(p => p.Labels.Keys)).Distinct().Order());
        var listed = Rows("## Metrics").ToDictionary(row => row[0], row => Code().Matches(row[1]).Select(m => m.Groups[1].Value).Order());
        Assert.Equal(listed.Keys.Order(), emitted.Keys.Order());
        Assert.All(emitted, metric => Assert.Equal((metric.Key, string.Join(", ", listed[metric.Key])),
            (metric.Key, string.Join(", ", metric.Value))));
    }

    [PostgresFact(linux: true)]
    public void The_page_lists_our_spans() => Assert.Equal(
        Rows("## Spans").Select(row => row[0]).Where(name => name.StartsWith("ledger.", StringComparison.Ordinal)).Order(),
        stack.Received.Spans.Where(span => span.Source == "Ledger").Select(span => span.Name).Distinct().Order());

    // | `ledger.jobs.depth` | `queue` | jobs to be done or under way |
    private static IEnumerable<string[]> Rows(string heading) => File.ReadAllText(RepositoryPath.Of("docs", "telemetry.md"))
        .Split(heading)[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|').Select((cell, i) => i == 0 ? cell.Trim(' ', '`') : cell.Trim()).ToArray());

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
