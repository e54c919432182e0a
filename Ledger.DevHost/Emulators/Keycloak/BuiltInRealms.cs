using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>The realms of an emulator without realm files: <c>ledger</c> and <c>ledger-platform</c> with a client for each role of the
/// tenants demo and other, and no people.</summary>
internal static class BuiltInRealms
{
    public static IEnumerable<Realm> Read(string state, TimeProvider time)
    {
        yield return RealmImport.ReadText(Realm("ledger", ["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR"],
        [
            Public("ledger-portal"),
            Public("ledger-cli"),
            Service("ledger-workers", fullScope: true),
            Service("demo-operator"),
            Service("demo-writer"),
            Service("demo-reader"),
            Service("other-operator"),
            Service("other-writer"),
        ],
        [
            Account("ledger-workers", ["default-roles-ledger"], null, ["manage-users", "view-users", "query-users"]),
            Account("demo-operator", ["CLIENT_ADMIN"], "demo"),
            Account("demo-writer", ["CLIENT_TECH"], "demo"),
            Account("demo-reader", ["AUDITOR"], "demo"),
            Account("other-operator", ["CLIENT_ADMIN"], "other"),
            Account("other-writer", ["CLIENT_TECH"], "other"),
        ]), _ => null, state, time);
        yield return RealmImport.ReadText(Realm("ledger-platform", ["PLATFORM_ADMIN", "BILLING_OPERATOR"],
        [
            Public("ledger-console"),
            Service("ledger-platform-workers", fullScope: true),
            Service("platform-operator"),
        ],
        [
            Account("ledger-platform-workers", ["default-roles-ledger-platform"], null, ["view-users", "query-users"]),
            Account("platform-operator", ["PLATFORM_ADMIN"], null),
        ]), _ => null, state, time);
    }

    private static string Realm(string name, string[] roles, JsonObject[] clients, JsonObject[] users) => new JsonObject
    {
        ["realm"] = name,
        ["enabled"] = true,
        ["roles"] = new JsonObject { ["realm"] = new JsonArray([.. roles.Select(r => new JsonObject { ["name"] = r })]) },
        ["clients"] = new JsonArray([new JsonObject { ["clientId"] = "ledger-api", ["bearerOnly"] = true }, .. clients]),
        // Those of full scope are not touched by it.
        ["scopeMappings"] = new JsonArray(
            [.. clients.Select(c => new JsonObject { ["client"] = c.Text("clientId"), ["roles"] = Texts(roles) })]),
        ["users"] = new JsonArray([.. users]),
    }.ToJsonString();

    private static JsonObject Public(string id) => new() { ["clientId"] = id, ["publicClient"] = true, ["fullScopeAllowed"] = false };

    private static JsonObject Service(string id, bool fullScope = false) => new()
    {
        ["clientId"] = id,
        ["standardFlowEnabled"] = false,
        ["serviceAccountsEnabled"] = true,
        ["fullScopeAllowed"] = fullScope,
        ["protocolMappers"] = new JsonArray(
            Mapper("oidc-audience-mapper", ("included.client.audience", "ledger-api")),
            Mapper("oidc-usermodel-attribute-mapper", ("user.attribute", "tenant"), ("claim.name", "tenant"), ("id.token.claim", "true"))),
    };

    private static JsonObject Mapper(string type, params (string Key, string Value)[] config) => new()
    {
        ["name"] = type,
        ["protocolMapper"] = type,
        ["config"] = new JsonObject([.. config.Append(("access.token.claim", "true"))
            .Select(c => KeyValuePair.Create(c.Item1, (JsonNode?)c.Item2))]),
    };

    private static JsonObject Account(string client, string[] roles, string? tenant, string[]? management = null)
    {
        var user = new JsonObject
        {
            ["username"] = $"service-account-{client}",
            ["enabled"] = true,
            ["serviceAccountClientId"] = client,
            ["realmRoles"] = Texts(roles),
        };
        if (tenant is not null)
            user["attributes"] = new JsonObject { ["tenant"] = Texts([tenant]) };
        if (management is not null)
            user["clientRoles"] = new JsonObject { ["realm-management"] = Texts(management) };
        return user;
    }

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}
