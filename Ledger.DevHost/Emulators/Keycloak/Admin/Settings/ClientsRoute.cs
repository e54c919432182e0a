using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Admin.Users;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary><c>clients</c>: read only, for whoever may view them. Managing users is not enough.</summary>
internal static class ClientsRoute
{
    public static AdminAnswer Handle(AdminRequest request, string[] below)
    {
        if (below is [] && request.Method == "POST")
        {
            JsonBody.Object(request, "ClientRepresentation", fields: null);
            AdminCaller.Require(request.Caller.ManageClients);
            return AdminAnswer.Error(501, "clients are made by the realm file");
        }
        if (below is [] or [_] or [_, "client-secret" or "service-account-user"] && request.Method != "GET")
            return AdminAnswer.NotAllowed;
        AdminCaller.Require(request.Caller.ViewClients);
        if (below is [])
        {
            var asked = request.Parameter("clientId");
            return AdminAnswer.List(request.Realm.Clients.Values.Where(c => (asked ?? c.ClientId) == c.ClientId), Write);
        }
        if (request.Realm.ClientById(below[0]) is not { } client)
            return AdminAnswer.Error(404, "Could not find client");
        return below switch
        {
            [_] => AdminAnswer.Ok(json => Write(json, client)),
            [_, "client-secret"] => AdminAnswer.Ok(json => WriteSecret(json, client)),
            [_, "service-account-user"] => ServiceAccount(request, client),
            _ => AdminAnswer.NotFound,
        };
    }

    private static AdminAnswer ServiceAccount(AdminRequest request, RealmClient client)
        => request.Realm.Users.Values.FirstOrDefault(u => u.ServiceAccountOf == client) is { } user
            ? AdminAnswer.Ok(json => UserJson.WriteBare(json, request.Realm, user))
            : AdminAnswer.Error(400, $"Service account not enabled for the client '{client.ClientId}'");

    private static void WriteSecret(Utf8JsonWriter json, RealmClient client)
    {
        json.WriteStartObject();
        json.WriteString("type", "secret");
        if (client.Secret is { } secret)
            json.WriteString("value", secret);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RealmClient client)
    {
        json.WriteStartObject();
        json.WriteString("id", client.Id);
        json.WriteString("clientId", client.ClientId);
        if (client.Name is { } name)
            json.WriteString("name", name);
        json.WriteBoolean("enabled", client.Enabled);
        json.WriteBoolean("bearerOnly", client.BearerOnly);
        json.WriteBoolean("standardFlowEnabled", client.StandardFlowEnabled);
        json.WriteBoolean("implicitFlowEnabled", client.ImplicitFlowEnabled);
        json.WriteBoolean("directAccessGrantsEnabled", client.DirectAccessGrantsEnabled);
        json.WriteBoolean("serviceAccountsEnabled", client.ServiceAccountsEnabled);
        json.WriteBoolean("publicClient", client.PublicClient);
        json.WriteString("protocol", "openid-connect");
        WriteMember(json, "redirectUris", client.RedirectUris);
        WriteMember(json, "webOrigins", client.WebOrigins);
        WriteMember(json, "attributes", client.Attributes);
        json.WriteBoolean("fullScopeAllowed", client.FullScopeAllowed);
        WriteMember(json, "defaultClientScopes", client.DefaultClientScopes);
        WriteMember(json, "optionalClientScopes", client.OptionalClientScopes);
        json.WriteEndObject();
    }

    private static void WriteMember<T>(Utf8JsonWriter json, string name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value);
    }
}
