namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A role of a realm or, with a <see cref="Client"/>, of one of its clients.</summary>
/// <param name="id">UUID.</param>
/// <param name="name">As tokens show it.</param>
/// <param name="client">Null: a realm role.</param>
internal sealed class RealmRole(string id, string name, RealmClient? client = null)
{
    public string Id { get; } = id;

    public string Name { get; set; } = name;

    public RealmClient? Client { get; } = client;

    public string? Description { get; set; }

    /// <summary>Whoever has this role has these too.</summary>
    public List<RealmRole> Composites { get; } = [];

    public Dictionary<string, List<string>> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>These roles and all they are composed of, each once.</summary>
    public static List<RealmRole> Expand(IEnumerable<RealmRole> roles)
    {
        var found = new List<RealmRole>();
        var left = new Queue<RealmRole>(roles);
        while (left.TryDequeue(out var role))
        {
            if (found.Contains(role))
                continue;
            found.Add(role);
            role.Composites.ForEach(left.Enqueue);
        }
        return found;
    }
}
