using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>The clients of a realm file with their mappers; afterwards what their tokens may show (<c>scopeMappings</c>).</summary>
internal static class ImportedClients
{
    public static void AddTo(Realm realm, JsonObject file, RealmIds ids)
    {
        foreach (var given in file.Objects("clients"))
        {
            var client = Read(given, realm, ids);
            realm.Clients[client.ClientId] = client;
        }
    }

    /// <summary>One client, e.g.
    /// <c>{"clientId":"ledger-portal","publicClient":true,"redirectUris":["http://127.0.0.1:18190/signin-oidc"]}</c>.
    /// Without a secret of its own a confidential one is given one.</summary>
    public static RealmClient Read(JsonObject given, Realm realm, RealmIds ids)
    {
        var clientId = given.Text("clientId") ?? throw new RealmImportException("Client id is missing");
        var open = given.Flag("publicClient", false);
        var bearerOnly = given.Flag("bearerOnly", false);
        var client = new RealmClient(given.Text("id") ?? ids.Of($"client:{clientId}"), clientId)
        {
            Name = given.Text("name"),
            Description = given.Text("description"),
            Enabled = given.Flag("enabled", true),
            PublicClient = open,
            BearerOnly = bearerOnly,
            Secret = open ? null : given.Text("secret") ?? (bearerOnly ? null : ids.SecretOf(clientId)),
            StandardFlowEnabled = given.Flag("standardFlowEnabled", !bearerOnly),
            ImplicitFlowEnabled = given.Flag("implicitFlowEnabled", false),
            DirectAccessGrantsEnabled = given.Flag("directAccessGrantsEnabled", false),
            ServiceAccountsEnabled = given.Flag("serviceAccountsEnabled", false),
            FullScopeAllowed = given.Flag("fullScopeAllowed", true),
            RootUrl = given.Text("rootUrl"),
            BaseUrl = given.Text("baseUrl"),
        };
        client.RedirectUris.AddRange(given.Texts("redirectUris"));
        client.WebOrigins.AddRange(given.Texts("webOrigins"));
        foreach (var (name, value) in given.Map("attributes"))
            client.Attributes[name] = value;
        client.ProtocolMappers.AddRange(Mappers(given));
        client.DefaultClientScopes.AddRange(
            given["defaultClientScopes"] is null ? realm.DefaultClientScopes : given.Texts("defaultClientScopes"));
        client.OptionalClientScopes.AddRange(
            given["optionalClientScopes"] is null ? realm.OptionalClientScopes : given.Texts("optionalClientScopes"));
        return client;
    }

    /// <summary><c>protocolMappers</c> of a client or a client scope; a type that is unknown is kept and does nothing.</summary>
    public static IEnumerable<ProtocolMapper> Mappers(JsonObject given) => given.Objects("protocolMappers").Select(m => new ProtocolMapper(
        m.Text("name") ?? "", m.Text("protocolMapper") ?? "",
        m.Map("config").ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal)));

    /// <summary><c>scopeMappings</c>: realm roles; <c>clientScopeMappings</c>: roles of the client that is the key.</summary>
    public static void AddScopeMappings(Realm realm, JsonObject file)
    {
        foreach (var mapping in file.Objects("scopeMappings"))
            Map(realm, mapping, name => realm.Roles.TryGetValue(name, out var role) ? role : null);
        foreach (var (owner, mappings) in file["clientScopeMappings"] as JsonObject ?? [])
        {
            var roles = ClientOf(realm, owner).Roles;
            foreach (var mapping in (mappings as JsonArray)?.OfType<JsonObject>() ?? [])
                Map(realm, mapping, name => roles.TryGetValue(name, out var role) ? role : null);
        }
    }

    private static void Map(Realm realm, JsonObject mapping, Func<string, RealmRole?> find)
    {
        if (mapping.Text("client") is not { } clientId)
            return; // of a client scope: those of the emulator have no roles
        var client = ClientOf(realm, clientId);
        client.ScopeMappings.AddRange(mapping.Texts("roles").Select(find).OfType<RealmRole>());
    }

    private static RealmClient ClientOf(Realm realm, string clientId) => realm.Clients.TryGetValue(clientId, out var client)
        ? client
        : throw new RealmImportException($"Unknown client specification in scope mappings: {clientId}");
}
