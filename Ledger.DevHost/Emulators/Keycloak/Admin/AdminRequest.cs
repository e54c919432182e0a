using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>A request of the admin REST, read as a whole, with its caller known.</summary>
internal sealed record AdminRequest
{
    /// <summary>GET for HEAD too.</summary>
    public required string Method { get; init; }

    /// <summary>Below <c>/admin/realms/:realm/</c>, decoded, e.g. <c>users</c>, the id, <c>logout</c>.</summary>
    public required string[] Path { get; init; }

    public required IQueryCollection Query { get; init; }

    public required string? ContentType { get; init; }

    public required byte[] Body { get; init; }

    public required Realm Realm { get; init; }

    public required AdminCaller Caller { get; init; }

    /// <summary><c>http://127.0.0.1:8080/admin/realms/ledger</c>.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>A query parameter; null: not given.</summary>
    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>A switch, on for <c>true</c> in any case alone; null: not given.</summary>
    public bool? Switch(string name)
        => Parameter(name) is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : null;

    /// <exception cref="AdminRefusal">It is no number: the path that takes it is then not found.</exception>
    public int? Number(string name) => Parameter(name) switch
    {
        null or "" => null,
        var text when int.TryParse(text, out var number) => number,
        _ => throw new AdminRefusal(AdminAnswer.NotFound),
    };
}
