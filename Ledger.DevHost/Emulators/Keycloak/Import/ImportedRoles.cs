using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary><c>roles</c> of a realm file: <c>realm</c> is a list, <c>client</c> a list for each client; composites once all are
/// there.</summary>
internal static class ImportedRoles
{
    public static void AddTo(Realm realm, JsonObject file, RealmIds ids)
    {
        if (file["roles"] is not JsonObject roles)
            return;
        var composed = new List<(RealmRole Role, JsonObject Composites)>();
        foreach (var given in roles.Objects("realm"))
            Add(realm.Roles, null, given);
        foreach (var (clientId, list) in roles["client"] as JsonObject ?? [])
        {
            var client = ClientOf(realm, clientId);
            foreach (var given in (list as JsonArray)?.OfType<JsonObject>() ?? [])
                Add(client.Roles, client, given);
        }
        foreach (var (role, composites) in composed)
        {
            role.Composites.AddRange(composites.Texts("realm").Select(name => realm.Roles[name]));
            foreach (var (clientId, names) in composites.Lists("client"))
                role.Composites.AddRange(names.Select(name => ClientOf(realm, clientId).Roles[name]));
        }

        void Add(OrderedDictionary<string, RealmRole> into, RealmClient? client, JsonObject given)
        {
            var name = given.Text("name") ?? throw new RealmImportException("Role name is missing");
            if (!into.TryGetValue(name, out var role))
                into.Add(name, role = new RealmRole(given.Text("id") ?? ids.Of(IdOf(client, name)), name, client));
            role.Description = given.Text("description") ?? role.Description;
            foreach (var (attribute, values) in given.Lists("attributes"))
                role.Attributes[attribute] = values;
            if (given["composites"] is JsonObject composites)
                composed.Add((role, composites));
        }
    }

    /// <summary>A realm role of a user that the file does not declare is made (recording 693).</summary>
    public static RealmRole FindOrAdd(Realm realm, string name, RealmIds ids)
    {
        if (!realm.Roles.TryGetValue(name, out var role))
            realm.Roles.Add(name, role = new RealmRole(ids.Of(IdOf(null, name)), name));
        return role;
    }

    private static string IdOf(RealmClient? client, string name) => client is null ? $"role:{name}" : $"role:{client.ClientId}:{name}";

    private static RealmClient ClientOf(Realm realm, string clientId) => realm.Clients.TryGetValue(clientId, out var client)
        ? client
        : throw new RealmImportException($"App doesn't exist in role definitions: {clientId}");
}
