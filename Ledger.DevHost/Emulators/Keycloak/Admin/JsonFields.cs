using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Fields of a body with the conversions the real server makes; null: absent or null.</summary>
internal static class JsonFields
{
    /// <summary>Numbers and switches are texts too.</summary>
    public static string? Text(this JsonElement json, string name) => Value(json, name) is not { } value ? null : TextOf(value);

    /// <summary>A switch, also written <c>"true"</c>.</summary>
    public static bool? Flag(this JsonElement json, string name) => Value(json, name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt32(out var number) => number != 0,
        JsonValueKind.String when value.GetString() is "true" or "True" or "TRUE" => true,
        JsonValueKind.String when value.GetString() is "false" or "False" or "FALSE" => false,
        _ => throw JsonBody.WrongType(),
    };

    public static long? Number(this JsonElement json, string name) => Value(json, name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), out var number) => number,
        _ => throw JsonBody.WrongType(),
    };

    public static int? Whole(this JsonElement json, string name)
        => Number(json, name) switch
        {
            null => null,
            >= int.MinValue and <= int.MaxValue and var n => (int)n,
            _ => throw JsonBody.WrongType(),
        };

    public static List<string>? Texts(this JsonElement json, string name)
        => Array(json, name) is not { } items ? null : [.. items.Select(TextOf)];

    /// <summary>A map of lists such as <c>{"tenant":["demo"]}</c>; a single text counts as a list of one.</summary>
    public static Dictionary<string, List<string>>? TextLists(this JsonElement json, string name) => Value(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject()
            .GroupBy(m => m.Name, m => m.Value, StringComparer.Ordinal) // of a name given twice the last counts
            .ToDictionary(m => m.Key, m => ListOf(m.Last()), StringComparer.Ordinal),
        _ => throw JsonBody.WrongType(),
    };

    /// <summary>A list of objects.</summary>
    public static List<JsonElement>? Objects(this JsonElement json, string name)
        => Array(json, name) is not { } items ? null
            : items.TrueForAll(i => i.ValueKind == JsonValueKind.Object) ? items
            : throw JsonBody.WrongType();

    private static List<JsonElement>? Array(JsonElement json, string name) => Value(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => throw JsonBody.WrongType(),
    };

    private static JsonElement? Value(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static List<string> ListOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(TextOf)],
        _ => [TextOf(value)],
    };

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw JsonBody.WrongType(),
    };
}
