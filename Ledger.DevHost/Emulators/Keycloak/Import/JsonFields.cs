using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>Members of a representation by type; one that is missing or null has the default.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonObject given, string name) => given[name] is JsonValue value ? value.ToString() : null;

    public static bool Flag(this JsonObject given, string name, bool fallback) => (bool?)given[name] ?? fallback;

    public static IEnumerable<JsonObject> Objects(this JsonObject given, string name)
        => (given[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonObject given, string name)
        => (given[name] as JsonArray)?.Select(i => i!.ToString()) ?? [];

    /// <summary>A map of texts, e.g. <c>attributes</c> of a client.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Map(this JsonObject given, string name)
        => (given[name] as JsonObject)?.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, m.Value!.ToString())) ?? [];

    /// <summary>A map of lists, e.g. <c>clientRoles</c>; a single text counts as a list of one, as in <c>attributes</c> of a
    /// user.</summary>
    public static IEnumerable<KeyValuePair<string, List<string>>> Lists(this JsonObject given, string name)
        => (given[name] as JsonObject)?.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, m.Value is JsonArray items
            ? items.Select(i => i!.ToString()).ToList()
            : [m.Value!.ToString()])) ?? [];
}
