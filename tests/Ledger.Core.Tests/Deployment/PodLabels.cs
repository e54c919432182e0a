using System.Text.Json.Nodes;

namespace Ledger.Core.Tests.Deployment;

/// <summary>The labels of pods that there will be: ours, and those that CloudNativePG makes for a Cluster or a Pooler.</summary>
internal sealed record PodLabels(IReadOnlyDictionary<string, string> Values)
{
    private const string Cluster = "cnpg.io/cluster", Role = "cnpg.io/instanceRole", App = "app.kubernetes.io/name";

    public static IReadOnlyList<PodLabels> Of(IEnumerable<Manifest> manifests) => [.. manifests.SelectMany(m => m.Kind switch
    {
        "Cluster" => [Instance(m.Name, "primary"), Instance(m.Name, "replica")],
        // The operator's labels replace the template's of the same name (1.28 and newer set app.kubernetes.io/name).
        "Pooler" => [Labels([.. Own(m.Root["spec"]!["template"]!), (App, "postgresql"),
            (Cluster, m.Root["spec"]!["cluster"]!["name"]!.GetValue<string>()), ("cnpg.io/poolerName", m.Name)])],
        _ => m.PodTemplate is { } pod ? [Labels([.. Own(pod)])] : Array.Empty<PodLabels>(),
    })];

    /// <summary>Whether a plain selector chooses it.</summary>
    public bool Have(JsonObject labels) => labels.All(pair => Values.GetValueOrDefault(pair.Key) == pair.Value!.GetValue<string>());

    /// <summary>Whether a selector of <c>matchLabels</c> and <c>matchExpressions</c> chooses it; an empty one chooses all.</summary>
    public bool Match(JsonObject selector) =>
        (selector["matchLabels"] is not JsonObject labels || Have(labels))
        && (selector["matchExpressions"] is not JsonArray expressions || expressions.All(one => Meets(one!.AsObject())));

    private bool Meets(JsonObject expression)
    {
        var value = Values.GetValueOrDefault(expression["key"]!.GetValue<string>());
        return expression["operator"]!.GetValue<string>() switch
        {
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            var op => expression["values"]!.AsArray().Any(v => v!.GetValue<string>() == value) == (op == "In"),
        };
    }

    private static IEnumerable<(string, string)> Own(JsonNode template) =>
        template["metadata"]!["labels"]!.AsObject().Select(pair => (pair.Key, pair.Value!.GetValue<string>()));

    private static PodLabels Instance(string cluster, string role) => Labels((App, "postgresql"), (Cluster, cluster), (Role, role));

    private static PodLabels Labels(params (string Name, string Value)[] labels) =>
        new(labels.GroupBy(l => l.Name).ToDictionary(same => same.Key, same => same.Last().Value));
}
