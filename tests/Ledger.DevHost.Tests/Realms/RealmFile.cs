using System.Text.Json.Nodes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Tests.Realms;

/// <summary>A realm file of the product as it is written.</summary>
internal sealed class RealmFile
{
    private RealmFile(string text) => (Text, Json) = (text, JsonNode.Parse(text)!.AsObject());

    public string Text { get; }

    public JsonObject Json { get; }

    public static RealmFile Read(string realm, bool development = false) => new(
        File.ReadAllText(Path.Combine(development ? RealmFiles.Development : RealmFiles.Folder, $"{realm}-realm.json")));

    public string Name => Json["realm"]!.GetValue<string>();

    public IEnumerable<JsonObject> Clients => Objects("clients");

    public IEnumerable<JsonObject> Users => Objects("users");

    public IEnumerable<string> Roles => Json["roles"]!["realm"]!.AsArray().Select(static role => role!["name"]!.GetValue<string>());

    public JsonObject Client(string id) => Clients.Single(client => client["clientId"]!.GetValue<string>() == id);

    public JsonObject User(string name) => Users.Single(user => user["username"]!.GetValue<string>() == name);

    /// <summary>All but the bearer-only one: they get tokens.</summary>
    public IEnumerable<JsonObject> Callers => Clients.Where(static client => !Is(client, "bearerOnly"));

    public static bool Is(JsonObject thing, string flag) => thing[flag]?.GetValue<bool>() ?? false;

    public static bool HasMapper(JsonObject client, string type, string key, string value) =>
        (client["protocolMappers"]?.AsArray() ?? []).Any(mapper => mapper!["protocolMapper"]!.GetValue<string>() == type
            && mapper["config"]![key]?.GetValue<string>() == value
            && mapper["config"]!["access.token.claim"]!.GetValue<string>() == "true");

    public static IEnumerable<string> Strings(JsonNode? list) => (list?.AsArray() ?? []).Select(static text => text!.GetValue<string>());

    private IEnumerable<JsonObject> Objects(string name) => Json[name]!.AsArray().Select(static one => one!.AsObject());
}
