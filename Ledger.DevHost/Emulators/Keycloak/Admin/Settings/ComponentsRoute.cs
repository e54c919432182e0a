using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Keys;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary>
/// <c>components</c>, as far as they are key providers: a new <c>rsa-generated</c> one with a higher priority signs from then on; one with
/// <c>active=false</c> stays in the JWKS, one with <c>enabled=false</c> leaves it and its tokens are refused.
/// </summary>
internal static class ComponentsRoute
{
    private const string KeyProvider = "org.keycloak.keys.KeyProvider";

    private static readonly HashSet<string> Fields = ["id", "name", "providerId", "providerType", "parentId", "subType", "config"];

    public static AdminAnswer Handle(AdminRequest request, string[] below)
    {
        switch (below, request.Method)
        {
            case ([], "GET"):
                AdminCaller.Require(request.Caller.ViewRealm);
                return AdminAnswer.List(
                    request.Realm.Keys.All.Where(k => Fits(request, "type", KeyProvider) && Fits(request, "name", k.Name)),
                    (json, key) => Write(json, request.Realm, key));
            case ([], "POST"):
                return Create(request);
            case ([var id], "GET"):
                AdminCaller.Require(request.Caller.ViewRealm);
                return Find(request, id) is { } key
                    ? AdminAnswer.Ok(json => Write(json, request.Realm, key))
                    : AdminAnswer.Error(404, "Could not find component");
            case ([var id], "PUT"):
                return Change(request, id);
            default:
                return below is [] or [_] ? AdminAnswer.NotAllowed : AdminAnswer.NotFound;
        }
    }

    private static AdminAnswer Create(AdminRequest request)
    {
        var (body, config) = Read(request);
        if (body.Text("providerType") != KeyProvider || body.Text("providerId") != "rsa-generated")
            return AdminAnswer.Message(400, "Invalid provider type or no such provider");
        var key = request.Realm.Keys.Add(body.Text("name") ?? "rsa-generated", config.Priority ?? 0);
        key.Change(key.Name, key.Priority, config.Active ?? true, config.Enabled ?? true);
        return AdminAnswer.Created($"{request.Address}/components/{key.ProviderId}");
    }

    private static AdminAnswer Change(AdminRequest request, string id)
    {
        var (body, config) = Read(request);
        if (Find(request, id) is not { } key)
            return AdminAnswer.Error(404, "Could not find component");
        key.Change(
            body.Text("name") ?? key.Name, config.Priority ?? key.Priority, config.Active ?? key.Active, config.Enabled ?? key.Enabled);
        return AdminAnswer.Done;
    }

    // {"config":{"priority":["200"],"active":["true"],"enabled":["true"],"keySize":["2048"]}}
    private static (JsonElement Body, KeyConfig Config) Read(AdminRequest request)
    {
        var body = JsonBody.Object(request, "ComponentRepresentation", Fields);
        AdminCaller.Require(request.Caller.ManageRealm);
        var config = body.TextLists("config") ?? [];
        if (Value("keySize") is not (null or "1024" or "2048" or "3072" or "4096"))
            throw new AdminRefusal(AdminAnswer.Message(400, "'Key size' should be 1024, 2048, 3072 or 4096"));
        if (Value("priority") is { } text && !long.TryParse(text, out _))
            throw new AdminRefusal(AdminAnswer.Message(400, "'Priority' should be a number"));
        return (body, new KeyConfig(Value("priority") is { } priority ? long.Parse(priority) : null, Flag("active"), Flag("enabled")));

        string? Value(string name) => config.TryGetValue(name, out var values) && values is [var value, ..] ? value : null;
        bool? Flag(string name) => Value(name) is { } value ? value == "true" : null;
    }

    private static RealmKey? Find(AdminRequest request, string id) => request.Realm.Keys.All.FirstOrDefault(k => k.ProviderId == id);

    private static bool Fits(AdminRequest request, string parameter, string value) => (request.Parameter(parameter) ?? value) == value;

    private static void Write(Utf8JsonWriter json, Realm realm, RealmKey key)
    {
        json.WriteStartObject();
        json.WriteString("id", key.ProviderId);
        json.WriteString("name", key.Name);
        json.WriteString("providerId", key.Algorithm == "RS256" ? "rsa-generated" : "rsa-enc-generated");
        json.WriteString("providerType", KeyProvider);
        json.WriteString("parentId", realm.Id);
        json.WriteStartObject("config");
        WriteValue(json, "priority", $"{key.Priority}");
        WriteValue(json, "active", key.Active ? "true" : "false");
        WriteValue(json, "enabled", key.Enabled ? "true" : "false");
        WriteValue(json, "algorithm", key.Algorithm);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private sealed record KeyConfig(long? Priority, bool? Active, bool? Enabled);
}
