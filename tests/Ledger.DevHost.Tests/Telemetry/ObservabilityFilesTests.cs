using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using YamlDotNet.RepresentationModel;

namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>deploy/observability against what the running programs sent: no rule and no panel looks at what nobody emits.</summary>
[Collection(ObservedRun.Name)]
public sealed partial class ObservabilityFilesTests(ObservedStack stack)
{
    private static string Rules => RepositoryPath.Of("deploy", "observability", "ledger-alerts.yaml");

    [PostgresFact(linux: true)]
    public void Every_metric_that_an_alert_names_is_emitted_with_the_labels_it_names() =>
        Assert.Empty(Alerts().SelectMany(alert => Unknown(alert["expr"])));

    [PostgresFact(linux: true)]
    public void Every_metric_that_the_dashboard_names_is_emitted_with_the_labels_it_names()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(RepositoryPath.Of("deploy", "observability", "ledger-dashboard.json")))!;
        var queries = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray())
            .Select(target => target!["expr"]!.GetValue<string>()).ToList();
        Assert.True(queries.Count > 20);
        Assert.Empty(queries.SelectMany(Unknown));
    }

    [PostgresFact(linux: true)]
    public void A_name_or_a_label_that_nobody_emits_would_be_seen()
    {
        Assert.Equal(["ledger_signer_misfortunes_total"], Unknown("rate(ledger_signer_misfortunes_total[5m])"));
        Assert.Equal(["ledger_signer_failures_total{tenant}"], Unknown("rate(ledger_signer_failures_total{tenant=\"a\"}[5m])"));
        Assert.Equal(["by (weather)"], Unknown("sum by (weather) (ledger_jobs_depth)"));
    }

    [Fact]
    public void Every_alert_says_what_happened_and_links_to_a_page_that_is_there()
    {
        var alerts = Alerts();
        Assert.True(alerts.Count > 10);
        foreach (var alert in alerts)
        {
            Assert.True(alert["summary"].Length > 0 && alert["description"].Length > 0, alert["alert"]);
            Assert.True(File.Exists(RepositoryPath.Of(alert["runbook_url"].Split('#')[0].Split('/'))), alert["runbook_url"]);
            Assert.Contains(alert["severity"], (string[])["page", "warn"]);
        }
    }

    [Fact]
    public void The_collectors_pipelines_name_only_what_it_configures()
    {
        var root = Load(RepositoryPath.Of("deploy", "observability", "otel-collector.yaml"));
        foreach (var (_, pipeline) in Map(Map(root["service"])["pipelines"]))
        {
            foreach (var (kind, names) in Map(pipeline))
                Assert.All((YamlSequenceNode)names, name => Assert.True(Map(root[kind]).ContainsKey(name.ToString()), name.ToString()));
        }
    }

    [ProgramFact("promtool")]
    public async Task Prometheus_own_tool_takes_the_rules() => Assert.Contains("SUCCESS",
        await ChildProcess.RunAsync(new("promtool", "promtool", "check", "rules", Rules), CancellationToken.None), StringComparison.Ordinal);

    /// <summary>The names, selectors' labels and groupings of an expression that nothing received has.</summary>
    private List<string> Unknown(string query)
    {
        var unknown = new List<string>();
        var labels = new HashSet<string>();
        foreach (Match used in Selector().Matches(query))
        {
            var metrics = stack.Received.Metrics.Where(m => PrometheusName.Of(m).Contains(used.Groups["name"].Value)).ToList();
            if (metrics.Count == 0) unknown.Add(used.Groups["name"].Value);
            var known = metrics.SelectMany(PrometheusName.LabelsOf).ToHashSet();
            labels.UnionWith(known);
            unknown.AddRange(Matcher().Matches(used.Groups["matchers"].Value).Select(m => m.Groups[1].Value)
                .Where(label => !known.Contains(label)).Select(label => $"{used.Groups["name"].Value}{{{label}}}"));
        }
        unknown.AddRange(Grouping().Matches(query).SelectMany(g => g.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            .Where(label => !labels.Contains(label)).Select(label => $"by ({label})"));
        return unknown;
    }

    private static List<Dictionary<string, string>> Alerts()
    {
        var rules = ((YamlSequenceNode)Load(Rules)["groups"]).SelectMany(group => (YamlSequenceNode)Map(group)["rules"]);
        return [.. rules.Select(rule => Map(rule).Where(pair => pair.Value is YamlScalarNode)
            .Concat(Map(Map(rule)["labels"])).Concat(Map(Map(rule)["annotations"]))
            .ToDictionary(pair => pair.Key, pair => pair.Value.ToString()))];
    }

    private static Dictionary<string, YamlNode> Load(string file)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(file);
        yaml.Load(text);
        return Map(yaml.Documents[0].RootNode);
    }

    private static Dictionary<string, YamlNode> Map(YamlNode node) =>
        ((YamlMappingNode)node).Children.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value);

    // ledger_append_duration_seconds_count{outcome=~"signer-.*"}
    [GeneratedRegex(@"(?<name>\b(?:ledger|http_server|http_client|kestrel|dotnet|db_client)_[a-z0-9_]+)(?:\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"([a-z_]+)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();
}
