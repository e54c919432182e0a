using System.Text.Json.Nodes;

namespace Ledger.Core.Tests.Deployment;

/// <summary>Network policies, worked out: nobody but who has to, and everybody who has to.</summary>
public sealed class NetworkTests
{
    private static readonly IReadOnlyList<Manifest> Applied =
        [.. Kustomization.Production, .. Manifest.All.Where(m => m.Path.EndsWith("/operator-job.yaml", StringComparison.Ordinal))];

    private static readonly string[] NameLabels = ["cnpg.io/poolerName", "cnpg.io/cluster", "app.kubernetes.io/name"];

    private static readonly IReadOnlyList<PodLabels> Pods = PodLabels.Of(Applied);

    private static readonly IReadOnlyList<JsonObject> Policies =
        [.. Kustomization.Production.Where(m => m.Kind == "NetworkPolicy").Select(m => m.Root["spec"]!.AsObject())];

    [Fact]
    public void Every_pod_is_denied_what_no_policy_allows() =>
        Assert.Contains(Policies, policy => policy["podSelector"]!.AsObject().Count == 0 && !policy.ContainsKey("ingress")
            && !policy.ContainsKey("egress") && policy["policyTypes"]!.AsArray().Count == 2);

    [Fact]
    public void Every_selector_of_pods_here_chooses_one() =>
        Assert.All(Policies.SelectMany(policy => Manifest.Objects(policy))
                .Where(found => found.Under == "podSelector" && IsHere(found.Value)),
            found => Assert.Contains(Pods, pod => pod.Match(found.Value)));

    [Theory]
    [InlineData("ledger-api", "ledger-pooler", true)]
    [InlineData("ledger-workers", "ledger-pooler", true)]
    [InlineData("ledger-doctor", "ledger-pooler", true)]
    [InlineData("ledger-migrate", "ledger-db", true)]
    [InlineData("ledger-operator", "ledger-db", true)]
    [InlineData("ledger-pooler", "ledger-db", true)]
    [InlineData("ledger-db", "ledger-db", true)]
    [InlineData("ledger-api", "ledger-db", false)]
    [InlineData("ledger-workers", "ledger-db", false)]
    [InlineData("ledger-doctor", "ledger-db", false)]
    [InlineData("ledger-api", "ledger-api", false)]
    [InlineData("ledger-db", "ledger-api", false)]
    public void Pods_reach_each_other_where_they_have_to_and_nowhere_else(string from, string to, bool reaches) =>
        Assert.Equal(reaches, Allows(Pod(from), Pod(to), 5432));

    [Theory]
    [InlineData("ledger-api", 443, true)]
    [InlineData("ledger-api", 8200, true)]
    [InlineData("ledger-workers", 587, true)]
    [InlineData("ledger-doctor", 587, true)]
    [InlineData("ledger-db", 443, true)]
    [InlineData("ledger-api", 587, false)]
    [InlineData("ledger-migrate", 443, false)]
    [InlineData("ledger-db", 8200, false)]
    [InlineData("ledger-api", 80, false)]
    public void What_is_outside_is_reached_where_it_has_to_be_and_nowhere_else(string from, int port, bool reaches) =>
        Assert.Equal(reaches, Rules(Pod(from), "egress", "to").Any(rule => HasPort(rule, port) && rule["to"]!.AsArray()
            .Any(peer => peer!.AsObject().ContainsKey("ipBlock"))));

    [Fact]
    public void The_cloud_s_metadata_is_nobody_s() =>
        Assert.All(Policies.SelectMany(policy => Manifest.Objects(policy)).Where(found => found.Under == "ipBlock")
                .Where(found => found.Value["cidr"]!.GetValue<string>() == "0.0.0.0/0"),
            found => Assert.Contains(found.Value["except"]!.AsArray(), network => network!.GetValue<string>() == "169.254.0.0/16"));

    // A pooler by its own name, an instance by its cluster's, ours by the application's.
    private static PodLabels Pod(string name) => Pods.First(pod => NameLabels.Select(label => pod.Values.GetValueOrDefault(label))
        .First(value => value is not null) == name);

    // A connection needs the leave of both ends.
    private static bool Allows(PodLabels from, PodLabels to, int port) =>
        Peers(from, "egress", "to", port).Any(to.Match) && Peers(to, "ingress", "from", port).Any(from.Match);

    private static IEnumerable<JsonObject> Peers(PodLabels pod, string direction, string peers, int port) =>
        Rules(pod, direction, peers).Where(rule => HasPort(rule, port)).SelectMany(rule => rule[peers]!.AsArray())
            .Where(peer => !peer!.AsObject().ContainsKey("namespaceSelector")).Select(peer => peer!["podSelector"]?.AsObject())
            .OfType<JsonObject>();

    private static IEnumerable<JsonObject> Rules(PodLabels pod, string direction, string peers) =>
        Policies.Where(policy => pod.Match(policy["podSelector"]!.AsObject())).SelectMany(policy => policy[direction]?.AsArray() ?? [])
            .Select(rule => rule!.AsObject()).Where(rule => rule.ContainsKey(peers));

    private static bool HasPort(JsonObject rule, int port) => rule["ports"]!.AsArray().Any(one => one!["port"]!.GetValue<int>() == port);

    // A selector beside a namespace's speaks of pods elsewhere.
    private static bool IsHere(JsonObject selector) => selector.Parent is not JsonObject peer || !peer.ContainsKey("namespaceSelector");
}
