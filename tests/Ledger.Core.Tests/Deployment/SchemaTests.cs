using System.Text.Json.Nodes;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>Every YAML file below deploy/ parses and says what its kind may say; overlays do so when they are put together.</summary>
public sealed class SchemaTests
{
    private static readonly HashSet<string> Patches =
        [.. Folders().SelectMany(folder => new Kustomization(folder).Patches.Select(path => $"{folder}/{path}"))];

    [Fact]
    public void Every_document_validates_against_the_schema_of_its_kind() =>
        Assert.Empty(Manifest.All.SelectMany(m => Schemas.Faults(m, Patches.Contains(m.Path))));

    [Fact]
    public void So_does_what_the_overlays_make_of_them() =>
        Assert.Empty(new[] { Kustomization.Production, Kustomization.Staging, Kustomization.Restore }
            .SelectMany(rendered => rendered).SelectMany(m => Schemas.Faults(m)));

    [Fact]
    public void Every_kind_that_has_a_schema_is_there_to_be_checked() =>
        Assert.Empty(Schemas.Kinds().Except(Manifest.All.Select(m => m.Kind)).Except(["PrometheusRules", "OpenTelemetryCollector"]));

    [Fact]
    public void A_kustomization_lists_every_file_beside_it() =>
        Assert.All(Folders(), folder =>
        {
            var kustomization = new Kustomization(folder);
            Assert.Equal(Directory.EnumerateFiles(RepositoryPath.Of(folder), "*.yaml").Select(path => Path.GetFileName(path)!)
                    .Where(name => name != "kustomization.yaml").Order(StringComparer.Ordinal),
                kustomization.Resources.Where(r => r.EndsWith(".yaml", StringComparison.Ordinal)).Concat(kustomization.Patches)
                    .Order(StringComparer.Ordinal));
        });

    [Theory]
    [InlineData("Deployment", "runAsNonRoot", "runAsNoneRoot")]
    [InlineData("Deployment", "readinessProbe", "readynessProbe")]
    [InlineData("Cluster", "dataDurability", "dataDurabilty")]
    [InlineData("Cluster", "\"required\"", "\"preferred\"")]
    [InlineData("Cluster", "\"synchronous_commit\":\"on\"", "\"synchronous_commit\":\"off\"")]
    [InlineData("Pooler", "\"transaction\"", "\"session\"")]
    [InlineData("NetworkPolicy", "policyTypes", "policyType")]
    [InlineData("ObjectStore", "https://s3.example.com", "http://s3.example.com")]
    public void A_misspelt_field_or_a_value_that_means_less_would_be_seen(string kind, string text, string instead)
    {
        var sound = Manifest.All.First(m => m.Kind == kind && m.Root.ToJsonString().Contains(text, StringComparison.Ordinal));
        var root = JsonNode.Parse(sound.Root.ToJsonString().Replace(text, instead, StringComparison.Ordinal))!.AsObject();
        Assert.Empty(Schemas.Faults(sound));
        Assert.NotEmpty(Schemas.Faults(sound with { Root = root }));
    }

    [Theory]
    [InlineData("a: on")]
    [InlineData("a: 0644")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: [1")]
    public void What_is_no_YAML_or_means_two_things_is_refused(string text) => Assert.Throws<FormatException>(() => YamlText.Read(text));

    [Fact]
    public void A_scalar_has_the_type_that_Kubernetes_reads() =>
        Assert.Equal("""{"a":1,"b":"1","c":true,"d":"on","e":"10.20.0.0/16","f":null,"g":["x y"]}""",
            YamlText.Read("a: 1\nb: \"1\"\nc: true\nd: \"on\"\ne: 10.20.0.0/16\nf:\ng: [x y]").Single().ToJsonString());

    private static IEnumerable<string> Folders() =>
        Manifest.All.Where(m => m.Kind == "Kustomization").Select(m => m.Path[..m.Path.LastIndexOf('/')]);
}
