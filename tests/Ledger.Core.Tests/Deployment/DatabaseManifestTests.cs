using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What CloudNativePG is asked for keeps what was acknowledged, and fits together.</summary>
public sealed class DatabaseManifestTests
{
    private const int OtherConnections = 30;

    private static readonly string[] Same =
        ["instances", "postgresql", "managed", "certificates", "affinity", "imageName", "enableSuperuserAccess"];

    public static TheoryData<string> Overlays => ["production", "staging"];

    [Theory, MemberData(nameof(Overlays))]
    public void A_commit_waits_for_a_standby_and_one_instance_may_be_lost(string overlay)
    {
        var cluster = Cluster(overlay);
        var needed = cluster["postgresql"]!["synchronous"]!["number"]!.GetValue<int>();
        Assert.True(cluster["instances"]!.GetValue<int>() - 1 > needed, "the loss of one standby must not stop writes");
        Assert.Equal("on", Parameter(cluster, "synchronous_commit"));
    }

    [Theory, MemberData(nameof(Overlays))]
    public void A_segment_is_archived_well_within_a_quarter_of_an_hour(string overlay) =>
        Assert.InRange(int.Parse(Parameter(Cluster(overlay), "archive_timeout").Replace("min", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture), 1, 7);

    [Theory, MemberData(nameof(Overlays))]
    public void The_poolers_leave_connections_over_and_take_every_process(string overlay)
    {
        var pooler = Of(overlay, "Pooler");
        var parameters = pooler["pgbouncer"]!["parameters"]!;
        var logins = Cluster(overlay)["managed"]!["roles"]!.AsArray().Count(role => role!["login"]!.GetValue<bool>()) - 1; // not the owner
        var server = pooler["instances"]!.GetValue<int>() * logins * Number(parameters["default_pool_size"]!);
        Assert.InRange(server, 1, Number(Cluster(overlay)["postgresql"]!["parameters"]!["max_connections"]!) - OtherConnections);

        var (api, workers) = (Of(overlay, "HorizontalPodAutoscaler")["maxReplicas"]!.GetValue<int>(),
            Of(overlay, "Deployment", "ledger-workers")["replicas"]!.GetValue<int>());
        var pool = Written("LedgerDatabase.cs", "int maxPoolSize");
        // Should one pooler have them all.
        Assert.InRange(api * (pool + Written("AdminDatabase.cs", "int Connections")) + workers * pool, 1,
            Number(parameters["max_client_conn"]!));
    }

    [Fact]
    public void Backups_are_not_where_the_marks_are()
    {
        foreach (var rendered in new[] { Kustomization.Production, Kustomization.Staging })
        {
            var settings = rendered.Single(m => m is { Kind: "ConfigMap", Name: "ledger" }).Root["data"]!;
            var store = rendered.Single(m => m.Kind == "ObjectStore").Root["spec"]!["configuration"]!;
            var (marks, backups) = ((string)settings["HighWaterMark__Bucket"]!, (string)store["destinationPath"]!);
            Assert.False(backups.StartsWith($"s3://{marks}/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_restored_cluster_is_the_same_in_all_that_matters_and_archives_elsewhere()
    {
        var (cluster, restored) = (Cluster("production"), Kustomization.Restore.Single(m => m.Kind == "Cluster").Root["spec"]!);
        Assert.All(Same, member => Assert.True(JsonNode.DeepEquals(cluster[member], restored[member]), member));
        var (from, source) = (restored["bootstrap"]!["recovery"]!["source"]!.GetValue<string>(), restored["externalClusters"]![0]!);
        Assert.Equal(from, source["name"]!.GetValue<string>());
        Assert.Equal(ServerName(cluster["plugins"]![0]!), ServerName(source["plugin"]!));
        Assert.NotEqual(ServerName(cluster["plugins"]![0]!), ServerName(restored["plugins"]![0]!));
    }

    [Fact]
    public void A_restored_cluster_takes_over_both_addresses()
    {
        var name = Kustomization.Restore.Single(m => m.Kind == "Cluster").Name;
        foreach (var kind in new[] { "Pooler", "Service" })
        {
            var (before, after) = (Address(Kustomization.Production, kind), Address(Kustomization.Restore, kind));
            Assert.Equal(before.Name, after.Name);
            Assert.Equal(before.Root.ToJsonString().Replace("ledger-db\"", $"{name}\"", StringComparison.Ordinal),
                after.Root.ToJsonString());
        }
    }

    private static Manifest Address(IEnumerable<Manifest> rendered, string kind) =>
        rendered.Single(m => m.Kind == kind && m.Name is "ledger-pooler" or "ledger-primary" && m.Kind == kind);

    private static JsonNode Cluster(string overlay) => Of(overlay, "Cluster");

    private static JsonNode Of(string overlay, string kind, string? name = null) =>
        (overlay == "staging" ? Kustomization.Staging : Kustomization.Production)
            .Single(m => m.Kind == kind && (name is null || m.Name == name)).Root["spec"]!;

    private static string Parameter(JsonNode cluster, string name) => cluster["postgresql"]!["parameters"]![name]!.GetValue<string>();

    private static string ServerName(JsonNode plugin) => plugin["parameters"]!["serverName"]!.GetValue<string>();

    private static int Number(JsonNode text) => int.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);

    private static int Written(string file, string name) => int.Parse(Regex.Match(
        File.ReadAllText(RepositoryPath.Of("Ledger.Core", "Tenancy", file)), $@"{name} = (?<number>\d+)").Groups["number"].Value,
        CultureInfo.InvariantCulture);
}
