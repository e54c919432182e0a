using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>
/// <c>${NAME}</c> and <c>${NAME:default}</c> in the values of a realm file (recording 696), e.g. <c>"secret":
/// "${LEDGER_WORKERS_SECRET}"</c>, also within a longer text or a JSON text in a string. A name that is not set stays as it is written; one
/// that is set to nothing counts as set. <c>${env.NAME}</c>, <c>$NAME</c> and <c>$${NAME}</c> are no placeholders.
/// </summary>
internal static partial class Placeholders
{
    public static string Resolve(string text, Func<string, string?> environment) => Placeholder().Replace(text, found =>
        environment(found.Groups["name"].Value) ?? (found.Groups["default"] is { Success: true } fallback ? fallback.Value : found.Value));

    /// <summary>The same JSON with every text in it resolved; names of members are left alone.</summary>
    public static JsonNode? Resolve(JsonNode? node, Func<string, string?> environment) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Resolve(m.Value, environment)))),
        JsonArray items => new JsonArray([.. items.Select(i => Resolve(i, environment))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Resolve(text, environment)),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:(?<default>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
