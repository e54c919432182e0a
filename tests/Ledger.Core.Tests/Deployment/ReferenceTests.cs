using System.Text.Json.Nodes;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What a manifest names is there: in what is applied with it, or in the list of what a person has to make.</summary>
public sealed class ReferenceTests
{
    private static readonly IReadOnlyList<Manifest> Applied = Kustomization.Production;

    private static readonly IReadOnlyList<Manifest> Later =
        [.. Kustomization.Restore, .. Manifest.Examples.Where(m => m.Kind != "ExternalSecret")];

    [Fact]
    public void Every_secret_key_that_is_read_is_listed_and_every_one_listed_is_read() =>
        Assert.Equal(ProvidedBy("Secret "),
            Applied.Concat(Later).SelectMany(m => SecretKeys(m.Root)).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void No_secret_is_in_the_repository() => Assert.DoesNotContain(Manifest.All, m => m.Kind == "Secret");

    [Fact]
    public void An_example_of_an_external_secret_makes_what_is_listed() =>
        Assert.Empty(Manifest.All.Where(m => m.Kind == "ExternalSecret").SelectMany(m =>
            (m.Root["spec"]!["target"]!["template"]?["data"]?.AsObject().Select(pair => pair.Key)
                ?? m.Root["spec"]!["data"]!.AsArray().Select(one => one!["secretKey"]!.GetValue<string>()))
            .Select(key => $"Secret {m.Name}/{key}")).Except(Provided.Keys));

    [Fact]
    public void Every_configuration_map_is_there_or_listed()
    {
        var there = Names("ConfigMap").Concat(ProvidedBy("ConfigMap ").Select(key => key.Split(' ', '/')[1]));
        Assert.Empty(Named(Applied.Concat(Later), "configMap", "configMapRef").Except(there));
    }

    [Fact]
    public void Every_pinned_file_that_a_setting_names_is_listed()
    {
        const string folder = "/etc/ledger/pins/";
        var files = Applied.Where(m => m.Kind == "ConfigMap").SelectMany(m => m.Root["data"]!.AsObject())
            .Select(pair => pair.Value!.GetValue<string>()).Where(value => value.StartsWith(folder, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.Equal(ProvidedBy("ConfigMap ledger-pins/"),
            files.Select(path => $"ConfigMap ledger-pins/{path[folder.Length..]}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_service_account_is_there() =>
        Assert.Equal(Names("ServiceAccount"),
            Applied.Concat(Later).Select(m => m.PodTemplate).OfType<JsonObject>()
                .Select(pod => pod["spec"]!["serviceAccountName"]!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_controller_a_budget_and_a_service_choose_pods_that_exist() =>
        Assert.All(Applied.Concat(Kustomization.Restore).Where(m => m.Kind is "Deployment" or "PodDisruptionBudget" or "Service"),
            m => Assert.Contains(PodLabels.Of(Applied.Concat(Kustomization.Restore)), labels => labels.Have(m.Kind switch
            {
                "Service" => m.Root["spec"]!["selector"]!.AsObject(),
                _ => m.Root["spec"]!["selector"]!["matchLabels"]!.AsObject(),
            })));

    [Fact]
    public void A_service_s_port_by_name_is_a_port_of_its_pods() =>
        Assert.Equal("http", Applied.Single(m => m is { Kind: "Service", Name: "ledger-api" }).Root["spec"]!["ports"]![0]!["targetPort"]!
            .GetValue<string>());

    [Fact]
    public void Every_backend_is_a_service_with_that_port()
    {
        var ports = Applied.Where(m => m.Kind == "Service").SelectMany(m => m.Root["spec"]!["ports"]!.AsArray()
            .SelectMany(port => new[] { $"{m.Name}:{port!["name"]}", $"{m.Name}:{port["port"]}" })).ToHashSet();
        var ingress = Named(Applied, (under, value) => under == "service" && value.ContainsKey("port"),
            value => $"{value["name"]}:{value["port"]!["name"]}");
        var routes = Named(Later, (under, _) => under == "backendRefs", value => $"{value["name"]}:{value["port"]}");
        Assert.NotEmpty(ingress);
        Assert.NotEmpty(routes);
        Assert.Empty(ingress.Concat(routes).Except(ports));
    }

    [Fact]
    public void The_hosts_in_connection_strings_are_services_and_poolers_of_ours() =>
        Assert.Equal(["ledger-pooler", "ledger-primary"],
            Applied.Concat(Later).SelectMany(m => m.Containers).Select(c => Settings.Of(c, Applied)["ConnectionStrings__ledger"])
                .Select(text => text["Host=".Length..text.IndexOf(';', StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal)
                .Where(host => Applied.Any(m => m.Kind is "Service" or "Pooler" && m.Name == host)));

    [Fact]
    public void The_autoscaler_scales_a_deployment_that_is_there() =>
        Assert.All(Applied.Where(m => m.Kind == "HorizontalPodAutoscaler"), m => Assert.Contains(Applied,
            d => d.Kind == "Deployment" && d.Name == m.Root["spec"]!["scaleTargetRef"]!["name"]!.GetValue<string>()
                && !d.Root["spec"]!.AsObject().ContainsKey("replicas")));

    private static IEnumerable<string> ProvidedBy(string start) =>
        Provided.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string kind) =>
        Applied.Where(m => m.Kind == kind).Select(m => m.Name).Order(StringComparer.Ordinal);

    private static List<string> Named(IEnumerable<Manifest> manifests, params string[] under) =>
        Named(manifests, (member, value) => under.Contains(member) && value.ContainsKey("name"), value => (string)value["name"]!);

    private static List<string> Named(IEnumerable<Manifest> manifests, Func<string, JsonObject, bool> isOne,
        Func<JsonObject, string> name) =>
        [.. manifests.SelectMany(m => Manifest.Objects(m.Root)).Where(found => isOne(found.Under, found.Value))
            .Select(found => name(found.Value))];

    private static IEnumerable<string> SecretKeys(JsonNode root) => Manifest.Objects(root).SelectMany(found => found.Under switch
    {
        "secretKeyRef" or "accessKeyId" or "secretAccessKey" => [$"Secret {found.Value["name"]}/{found.Value["key"]}"],
        "passwordSecret" => [$"Secret {found.Value["name"]}/username", $"Secret {found.Value["name"]}/password"],
        "certificates" => [$"Secret {found.Value["serverCASecret"]}/ca.crt", $"Secret {found.Value["serverCASecret"]}/ca.key"],
        "secret" when found.Value["items"] is JsonArray items => items.Select(item => $"Secret {found.Value["secretName"]}/{item!["key"]}"),
        _ => Enumerable.Empty<string>(),
    });
}
