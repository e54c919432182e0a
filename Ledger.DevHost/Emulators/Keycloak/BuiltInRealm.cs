using System.Security.Cryptography;
using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Keys;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A realm: its keys, its clients and their secrets.</summary>
internal sealed class BuiltInRealm : IDisposable
{
    private readonly Dictionary<string, string> secrets;
    private readonly Dictionary<string, string> subjects;

    private BuiltInRealm(string name, IReadOnlyList<ServiceClient> clients, string directory, TimeProvider time)
    {
        Name = name;
        Clients = clients.ToDictionary(c => c.Id, StringComparer.Ordinal);
        Keys = new RealmKeys(directory, name, time);
        var file = Path.Combine(directory, $"{name}-clients.json");
        var stored = StateFile.Read<Stored>(file) ?? new Stored([], []);
        (secrets, subjects) = stored;
        foreach (var client in clients)
        {
            secrets.TryAdd(client.Id,
                RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32));
            subjects.TryAdd(client.Id, new Guid(RandomNumberGenerator.GetBytes(16)).ToString());
        }
        StateFile.Write(file, stored);
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, ServiceClient> Clients { get; }

    public RealmKeys Keys { get; }

    public RealmKey SigningKey => Keys.Signing;

    /// <summary>The two realms of a ledger, with a client for each role of the tenants demo and other.</summary>
    public static IEnumerable<BuiltInRealm> BuiltIn(string directory, TimeProvider time)
    {
        yield return new BuiltInRealm("ledger",
        [
            new ServiceClient("ledger-api", ClientKind.BearerOnly),
            new ServiceClient("ledger-portal", ClientKind.Public),
            new ServiceClient("ledger-cli", ClientKind.Public),
            new ServiceClient("ledger-workers", ClientKind.Service)
            {
                FullScope = true,
                ManagementRoles = ["manage-users", "view-users", "query-groups", "query-users"],
            },
            new ServiceClient("demo-operator", ClientKind.Service) { Roles = ["CLIENT_ADMIN"], Tenant = "demo" },
            new ServiceClient("demo-writer", ClientKind.Service) { Roles = ["CLIENT_TECH"], Tenant = "demo" },
            new ServiceClient("demo-reader", ClientKind.Service) { Roles = ["AUDITOR"], Tenant = "demo" },
            new ServiceClient("other-operator", ClientKind.Service) { Roles = ["CLIENT_ADMIN"], Tenant = "other" },
            new ServiceClient("other-writer", ClientKind.Service) { Roles = ["CLIENT_TECH"], Tenant = "other" },
        ], directory, time);
        yield return new BuiltInRealm("ledger-platform",
        [
            new ServiceClient("ledger-api", ClientKind.BearerOnly),
            new ServiceClient("ledger-console", ClientKind.Public),
            new ServiceClient("ledger-platform-workers", ClientKind.Service)
            {
                FullScope = true,
                ManagementRoles = ["view-users", "query-groups", "query-users"],
            },
            new ServiceClient("platform-operator", ClientKind.Service) { Roles = ["PLATFORM_ADMIN"] },
        ], directory, time);
    }

    public string SecretOf(string client) => secrets[client];

    /// <summary>Claim <c>sub</c> of a client's service account.</summary>
    public string SubjectOf(string client) => subjects[client];

    public void WriteKeys(Utf8JsonWriter json) => Keys.WriteJwks(json);

    public void Dispose() => Keys.Dispose();

    private sealed record Stored(Dictionary<string, string> Secrets, Dictionary<string, string> Subjects);
}
