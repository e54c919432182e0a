namespace Ledger.Core.Tests.House;

/// <summary>Who may use whom. What is not listed is forbidden; a new project or room is added here, with what it may use.</summary>
public sealed class Plan(IReadOnlyDictionary<string, string[]> uses)
{
    /// <summary>The projects. A test project uses the project it tests and what the tests share.</summary>
    public static readonly Plan Projects = new(new Dictionary<string, string[]>
    {
        ["Ledger.Verify"] = [],
        ["Ledger.ServiceDefaults"] = [],
        ["Ledger.Core"] = ["Ledger.Verify"],
        ["Ledger.Api"] = ["Ledger.Core", "Ledger.ServiceDefaults"],
        ["Ledger.Workers"] = ["Ledger.Core", "Ledger.ServiceDefaults"],
        ["Ledger.DevHost"] = [],
        // As resources: the AppHost's SDK makes a class of each with the project's path, and references none.
        ["Ledger.AppHost"] = ["Ledger.Api", "Ledger.DevHost", "Ledger.Workers"],
        ["Ledger.Testing"] = ["Ledger.Api", "Ledger.Core", "Ledger.DevHost", "Ledger.Workers"],
        ["Ledger.Benchmarks"] = ["Ledger.Api", "Ledger.Core", "Ledger.Testing", "Ledger.Verify", "Ledger.Workers"],
        ["Ledger.Verify.Tests"] = ["Ledger.Verify", "Ledger.Testing"],
        ["Ledger.ServiceDefaults.Tests"] = ["Ledger.ServiceDefaults"],
        ["Ledger.Core.Tests"] = ["Ledger.Core", "Ledger.Testing"],
        ["Ledger.Api.Tests"] = ["Ledger.Api", "Ledger.Testing"],
        ["Ledger.Workers.Tests"] = ["Ledger.Workers", "Ledger.Testing"],
        ["Ledger.DevHost.Tests"] = ["Ledger.DevHost", "Ledger.Testing"],
        ["Ledger.AppHost.Tests"] = ["Ledger.AppHost"],
    });

    /// <summary>What a project starts as processes of their own and therefore builds, but does not call.</summary>
    public static readonly Plan Starts = new(new Dictionary<string, string[]>
    {
        ["Ledger.DevHost"] = ["Ledger.Api", "Ledger.Workers", "Ledger.Verify"],
        ["Ledger.Testing"] = ["Ledger.Api", "Ledger.Workers", "Ledger.Verify", "Ledger.DevHost"],
        ["Ledger.Workers.Tests"] = ["Ledger.Api", "Ledger.DevHost", "Ledger.Verify"],
        ["Ledger.DevHost.Tests"] = ["Ledger.Verify"],
        ["Ledger.AppHost.Tests"] = ["Ledger.Verify"],
    });

    /// <summary>The rooms of Ledger.Core. "" is the project's own folder, where the rooms are registered.</summary>
    public static readonly Plan CoreRooms = new(new Dictionary<string, string[]>
    {
        ["Problems"] = [],
        ["Telemetry"] = [],
        ["Tenancy"] = ["Problems", "Telemetry"],
        ["Signing"] = ["Problems", "Telemetry", "Tenancy"],
        ["Operations"] = ["Problems", "Telemetry", "Tenancy"],
        ["Storage"] = ["Telemetry"],
        ["Identity"] = ["Operations"],
        ["ApiKeys"] = ["Operations", "Problems", "Telemetry", "Tenancy"],
        ["Entries"] = ["Operations", "Problems", "Signing", "Telemetry", "Tenancy"],
        ["Checkpoints"] = ["Entries", "Operations", "Problems", "Signing", "Storage", "Telemetry", "Tenancy"],
        ["Verification"] = ["Checkpoints", "Entries", "Operations", "Problems", "Signing", "Telemetry", "Tenancy"],
        ["Jobs"] = ["Operations", "Problems", "Telemetry", "Tenancy"],
        ["Anchoring"] = ["Checkpoints", "Entries", "Jobs", "Operations", "Problems", "Signing", "Telemetry", "Tenancy"],
        ["Attestations"] = ["Anchoring", "Checkpoints", "Entries", "Jobs", "Operations", "Problems", "Signing", "Telemetry", "Tenancy"],
        ["People"] = ["Jobs", "Operations", "Problems", "Tenancy"],
        ["Notifications"] = ["Jobs", "Operations", "People", "Problems", "Tenancy"],
        ["Tenants"] = ["Anchoring", "Checkpoints", "Entries", "Jobs", "Operations", "People", "Problems", "Signing", "Tenancy"],
        ["Doctor"] =
        [
            "Anchoring", "Checkpoints", "Identity", "Jobs", "Notifications", "Operations", "People", "Problems", "Signing", "Storage", "Tenancy",
        ],
        [""] =
        [
            "Anchoring", "ApiKeys", "Attestations", "Checkpoints", "Doctor", "Entries", "Identity", "Jobs", "Notifications",
            "Operations", "People", "Problems", "Signing", "Storage", "Telemetry", "Tenancy", "Tenants", "Verification",
        ],
    });

    /// <summary>
    /// The rooms of Ledger.Verify. Its own folder holds what every room uses, so nothing there may use a room but Program.cs.
    /// </summary>
    public static readonly Plan VerifyRooms = new(new Dictionary<string, string[]>
    {
        ["Json"] = [],
        ["Merkle"] = [],
        ["Signing"] = [],
        ["Checkpoints"] = ["Merkle", "Signing"],
        ["Entries"] = ["Json", "Merkle", "Signing"],
        ["Anchoring"] = ["Checkpoints", "Entries", "Json", "Merkle", "Signing"],
        ["Verification"] = ["Anchoring", "Checkpoints", "Entries", "Json", "Merkle", "Signing"],
        ["Cli"] = ["Anchoring", "Checkpoints", "Entries", "Json", "Merkle", "Signing", "Verification"],
        [""] = ["Cli"],
    });

    public IEnumerable<string> Names => uses.Keys;

    /// <summary>The edges that are not in the plan.</summary>
    public IEnumerable<Edge> Refused(IEnumerable<Edge> edges) =>
        edges.Where(e => !(uses.TryGetValue(e.From, out var to) && to.Contains(e.To)));

    /// <summary>A part that leads back to itself, with the way; null where there is none.</summary>
    public static string? Cycle(IReadOnlyCollection<Edge> edges)
    {
        foreach (var start in edges.Select(e => e.From).Distinct())
        {
            if (Way(edges, start, start, [start]) is { } way) return string.Join(" -> ", way);
        }
        return null;
    }

    public IReadOnlyCollection<Edge> Edges => [.. uses.SelectMany(u => u.Value.Select(to => new Edge(u.Key, to)))];

    private static List<string>? Way(IReadOnlyCollection<Edge> edges, string at, string end, List<string> passed)
    {
        foreach (var next in edges.Where(e => e.From == at).Select(e => e.To))
        {
            if (next == end) return [.. passed, end];
            if (!passed.Contains(next) && Way(edges, next, end, [.. passed, next]) is { } way) return way;
        }
        return null;
    }
}
