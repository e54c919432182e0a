namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>The clients and roles that every realm has without naming them (recordings 22, 25, 421).</summary>
internal static class BuiltInClients
{
    private static readonly string[] Management =
    [
        "create-client", "impersonation", "manage-authorization", "manage-clients", "manage-events", "manage-identity-providers",
        "manage-organizations", "manage-realm", "manage-users", "query-clients", "query-groups", "query-organizations", "query-realms",
        "query-users", "view-authorization", "view-clients", "view-events", "view-identity-providers", "view-organizations", "view-realm",
        "view-users",
    ];

    private static readonly string[] Account =
    [
        "delete-account", "manage-account", "manage-account-links", "manage-consent", "view-applications", "view-consent", "view-groups",
        "view-profile",
    ];

    public static void AddTo(Realm realm, RealmIds ids)
    {
        var account = Add(realm, ids, "account", client => client.PublicClient = true);
        account.BaseUrl = $"/realms/{realm.Name}/account/";
        account.RedirectUris.Add($"/realms/{realm.Name}/account/*");
        AddRoles(account, ids, Account);
        Compose(account, "manage-account", "manage-account-links");
        Compose(account, "manage-consent", "view-consent");
        Add(realm, ids, "account-console", client => client.PublicClient = true);
        Add(realm, ids, "admin-cli", client =>
        {
            client.PublicClient = true;
            client.StandardFlowEnabled = false;
            client.DirectAccessGrantsEnabled = true;
        });
        AddRoles(Add(realm, ids, "broker", client => client.BearerOnly = true), ids, "read-token");
        var management = Add(realm, ids, "realm-management", client => client.BearerOnly = true);
        AddRoles(management, ids, Management);
        Compose(management, "view-users", "query-users", "query-groups");
        Compose(management, "view-clients", "query-clients");
        Compose(management, "view-organizations", "query-organizations");
        AddRoles(management, ids, "realm-admin");
        Compose(management, "realm-admin", Management);
        Add(realm, ids, "security-admin-console", client => client.PublicClient = true);
        AddDefaultRole(realm, ids, account);
    }

    private static void AddDefaultRole(Realm realm, RealmIds ids, RealmClient account)
    {
        var everybody = new RealmRole(ids.Of($"role:default-roles-{realm.Name}"), $"default-roles-{realm.Name}")
        {
            Description = "${role_default-roles}",
        };
        foreach (var (name, description) in new[]
            { ("offline_access", "${role_offline-access}"), ("uma_authorization", "${role_uma_authorization}") })
        {
            var role = new RealmRole(ids.Of($"role:{name}"), name) { Description = description };
            realm.Roles.Add(name, role);
            everybody.Composites.Add(role);
        }
        everybody.Composites.AddRange([account.Roles["manage-account"], account.Roles["view-profile"]]);
        realm.Roles.Add(everybody.Name, everybody);
    }

    private static RealmClient Add(Realm realm, RealmIds ids, string clientId, Action<RealmClient> set)
    {
        var client = new RealmClient(ids.Of($"client:{clientId}"), clientId)
        {
            Name = "${client_" + clientId + "}",
            FullScopeAllowed = false,
        };
        set(client);
        client.DefaultClientScopes.AddRange(realm.DefaultClientScopes);
        client.OptionalClientScopes.AddRange(realm.OptionalClientScopes);
        realm.Clients.Add(clientId, client);
        return client;
    }

    private static void AddRoles(RealmClient client, RealmIds ids, params string[] names)
    {
        foreach (var name in names)
        {
            client.Roles.Add(name, new RealmRole(ids.Of($"role:{client.ClientId}:{name}"), name, client)
            {
                Description = "${role_" + name + "}",
            });
        }
    }

    private static void Compose(RealmClient client, string role, params string[] of)
        => client.Roles[role].Composites.AddRange(of.Select(name => client.Roles[name]));
}
