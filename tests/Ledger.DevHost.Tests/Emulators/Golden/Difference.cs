using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Tests.Emulators.Golden;

/// <summary>Where an answer is not shaped as the recorded one: members, types, and every error text.</summary>
internal static partial class Difference
{
    private static readonly HashSet<string> Texts = ["errors", "error", "error_description", "errorMessage", "message", "warnings"];

    private static readonly string[] Names = ["name", "username", "clientId", "alias", "algorithm", "alg"];

    public static IEnumerable<string> Between(JsonElement recorded, JsonElement actual, Memory memory, string at = "")
    {
        if (Kind(recorded) != Kind(actual))
            return [$"{at} is {Kind(actual)}, the real server's {Kind(recorded)}"];
        return recorded.ValueKind switch
        {
            JsonValueKind.Object when IsMap(recorded) && IsMap(actual) => Lists(Values(recorded), Values(actual), memory, at),
            JsonValueKind.Object => Objects(recorded, actual, memory, at),
            JsonValueKind.Array => Lists(Ordered(recorded), Ordered(actual), memory, at),
            _ => [],
        };
    }

    private static IEnumerable<string> Objects(JsonElement recorded, JsonElement actual, Memory memory, string at)
    {
        foreach (var extra in actual.EnumerateObject().Where(m => !recorded.TryGetProperty(m.Name, out _)))
            yield return $"{at}.{extra.Name} is extra";
        foreach (var member in recorded.EnumerateObject())
        {
            if (!actual.TryGetProperty(member.Name, out var value))
                yield return $"{at}.{member.Name} is missing";
            else if (Texts.Contains(member.Name))
            {
                var (want, got) = (memory.Put(JsonSerializer.Serialize(member.Value)), JsonSerializer.Serialize(value));
                if (want != got)
                    yield return $"{at}.{member.Name} is {got}, the real server's {want}";
            }
            else
            {
                foreach (var difference in Between(member.Value, value, memory, $"{at}.{member.Name}"))
                    yield return difference;
            }
        }
    }

    private static IEnumerable<string> Lists(JsonElement[] recorded, JsonElement[] actual, Memory memory, string at)
        => recorded.Length != actual.Length
            ? [$"{at} has {actual.Length} items, the real server's {recorded.Length}"]
            : recorded.Zip(actual).SelectMany((pair, i) => Between(pair.First, pair.Second, memory, $"{at}[{i}]"));

    private static string Kind(JsonElement value)
        => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : value.ValueKind.ToString();

    private static JsonElement[] Values(JsonElement map) => [.. map.EnumerateObject().Select(m => m.Value)];

    /// <summary>Items of a list; of named things by their names, as such lists come in any order.</summary>
    public static JsonElement[] Ordered(JsonElement list)
    {
        JsonElement[] items = [.. list.EnumerateArray()];
        foreach (var name in Names)
        {
            if (Array.TrueForAll(items, i => i.ValueKind == JsonValueKind.Object && i.TryGetProperty(name, out var n)
                && n.ValueKind == JsonValueKind.String))
            {
                return [.. items.OrderBy(i => i.GetProperty(name).GetString(), StringComparer.Ordinal)];
            }
        }
        return items;
    }

    // Its keys are data (versions, ids), not field names.
    public static bool IsMap(JsonElement value)
        => value.EnumerateObject().Any() && value.EnumerateObject().All(m => DataKey().IsMatch(m.Name));

    [GeneratedRegex("^(?:[0-9]+|[0-9a-f-]{32,})$")]
    private static partial Regex DataKey();
}
