using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What every pod of ours has. Most of it the schemas ask for; here is what takes a look at two things at once.</summary>
public sealed class PodTests
{
    private static readonly IReadOnlyList<Manifest> Everything = [.. Kustomization.Production, .. Kustomization.Staging];

    [Fact]
    public void A_pod_that_serves_has_all_three_probes_on_a_port_it_names() =>
        Assert.All(Everything.Where(m => m.Kind == "Deployment").SelectMany(m => m.Containers), container =>
        {
            var ports = container["ports"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ToList();
            Assert.All(new[] { "startupProbe", "livenessProbe", "readinessProbe" },
                probe => Assert.Contains(container[probe]!["httpGet"]!["port"]!.GetValue<string>(), ports));
            Assert.Equal(("/alive", "/health"), (PathOf(container, "livenessProbe"), PathOf(container, "readinessProbe")));
        });

    [Fact]
    public void A_container_s_port_is_the_one_its_image_listens_on() =>
        Assert.All(Everything.Where(m => m.Kind == "Deployment"), m => Assert.Equal(
            PropertyOf(m.Name == "ledger-api" ? "Ledger.Api" : "Ledger.Workers", "ContainerListensOn"),
            m.Containers.Single()["ports"]![0]!["containerPort"]!.ToString()));

    [Fact]
    public void A_pod_runs_as_the_image_s_user()
    {
        var user = XDocument.Load(RepositoryPath.Of("Directory.Build.targets")).Descendants("ContainerUser").Single().Value;
        Assert.All(Everything.Select(m => m.PodTemplate).OfType<JsonObject>(),
            pod => Assert.Equal(user, pod["spec"]!["securityContext"]!["runAsUser"]!.ToString()));
    }

    [Fact]
    public void Every_image_of_ours_is_pinned_to_this_version_or_a_digest()
    {
        var version = XDocument.Load(RepositoryPath.Of("Directory.Build.props")).Descendants("Version").Single().Value;
        var pinned = $"^[a-z0-9.-]+(/[a-z0-9.-]+)+(:{Regex.Escape(version)}|@sha256:[0-9a-f]{{64}})$";
        Assert.All(Everything.Concat(Manifest.Examples).SelectMany(m => m.Containers),
            container => Assert.Matches(pinned, (string)container["image"]!));
    }

    [Fact]
    public void What_is_mounted_is_a_volume_and_every_volume_is_mounted() =>
        Assert.All(Everything.Concat(Manifest.All).Where(m => m.PodTemplate is not null), m => Assert.Equal(
            m.PodTemplate!["spec"]!["volumes"]!.AsArray().Select(v => v!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal),
            m.Containers.SelectMany(c => c["volumeMounts"]!.AsArray()).Select(v => v!["name"]!.GetValue<string>()).Distinct()
                .Order(StringComparer.Ordinal)));

    private static string PathOf(JsonObject container, string probe) => container[probe]!["httpGet"]!["path"]!.GetValue<string>();

    private static string PropertyOf(string project, string name) =>
        XDocument.Load(RepositoryPath.Of(project, $"{project}.csproj")).Descendants(name).Single().Value;
}
