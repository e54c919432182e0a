using System.Text.Json.Nodes;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>One document of a YAML file.</summary>
/// <param name="Path">Of its file, from the repository's root, with '/'.</param>
internal sealed record Manifest(string Path, JsonObject Root)
{
    /// <summary>Every YAML document below deploy/.</summary>
    public static IReadOnlyList<Manifest> All { get; } =
        [.. new DirectoryInfo(RepositoryPath.Of("deploy")).EnumerateFiles("*.y*ml", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal).SelectMany(file => Read(Relative(file.FullName)))];

    /// <summary>Those that are taken by hand.</summary>
    public static IEnumerable<Manifest> Examples => All.Where(m => m.Path.Contains("/examples/", StringComparison.Ordinal));

    /// <summary>What is no Kubernetes object is known by a member that it has.</summary>
    public string Kind => Root["kind"]?.GetValue<string>() ?? (Root.ContainsKey("groups") ? "PrometheusRules"
        : Root.ContainsKey("receivers") ? "OpenTelemetryCollector" : "nothing known");

    public string Name => (Root["metadata"]?["name"] ?? Root["metadata"]?["generateName"])?.GetValue<string>() ?? "";

    /// <summary>Labels of the object's pods, where it makes any.</summary>
    public JsonObject? PodTemplate => (Kind switch
    {
        "Deployment" or "Job" => Root["spec"]!["template"],
        "CronJob" => Root["spec"]!["jobTemplate"]!["spec"]!["template"],
        _ => null,
    })?.AsObject();

    public IEnumerable<JsonObject> Containers => PodTemplate?["spec"]!["containers"]!.AsArray().Select(c => c!.AsObject()) ?? [];

    public static IEnumerable<Manifest> Read(string path) =>
        YamlText.Read(File.ReadAllText(RepositoryPath.Of(path))).Select(root => new Manifest(path, root.AsObject()));

    /// <summary>Every object within, itself first, with the name of the member it stands under.</summary>
    public static IEnumerable<(string Under, JsonObject Value)> Objects(JsonNode? node, string under = "") => node switch
    {
        JsonObject map => map.SelectMany(member => Objects(member.Value, member.Key)).Prepend((under, map)),
        JsonArray list => list.SelectMany(item => Objects(item, under)),
        _ => [],
    };

    public static string Relative(string path) =>
        System.IO.Path.GetRelativePath(RepositoryPath.Root, System.IO.Path.GetFullPath(path)).Replace('\\', '/');

    public override string ToString() => $"{Path}: {Kind} {Name}";
}
