using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>A JSON document with one thing changed, for each thing that can be.</summary>
internal static class JsonWalk
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>All changes of all leaves and members: path and change as a name, and the document.</summary>
    public static IEnumerable<(string Name, byte[] Json)> Mutations(byte[] json)
    {
        foreach (var path in Paths(JsonNode.Parse(json)!, []))
        {
            var name = string.Join('/', path);
            foreach (var (change, value) in Changes(At(JsonNode.Parse(json)!, path)))
                yield return ($"{name} {change}", Edit(json, path, (parent, key) => Put(parent, key, value)));
            if (path[^1] is string)
            {
                yield return ($"{name} removed", Edit(json, path, (parent, key) => parent.AsObject().Remove((string)key)));
                yield return ($"{name} null", Edit(json, path, (parent, key) => Put(parent, key, null)));
                yield return ($"{name} as the field is named",
                    Edit(json, path, (parent, key) => Rename(parent.AsObject(), (string)key, FieldName((string)key))));
            }
        }
    }

    /// <summary>The document with the node at that path changed.</summary>
    public static byte[] Edit(byte[] json, object[] path, Action<JsonNode, object> edit)
    {
        var root = JsonNode.Parse(json)!;
        edit(At(root, path[..^1])!, path[^1]);
        return Encoding.UTF8.GetBytes(root.ToJsonString(Readable));
    }

    public static void Put(JsonNode parent, object key, JsonNode? value)
    {
        if (key is string name) parent[name] = value?.DeepClone();
        else parent[(int)key] = value?.DeepClone();
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        if (path.Length > 0) yield return path;
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                if (value is null) continue;
                foreach (var below in Paths(value, [.. path, name])) yield return below;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                foreach (var below in Paths(items[i]!, [.. path, i])) yield return below;
            }
        }
    }

    private static JsonNode? At(JsonNode root, object[] path) =>
        path.Aggregate((JsonNode?)root, (node, key) => key is string name ? node![name] : node![(int)key]);

    private static IEnumerable<(string, JsonNode?)> Changes(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject:
                yield return ("as an array", new JsonArray());
                yield return ("empty", new JsonObject());
                break;
            case JsonArray items:
                yield return ("empty", new JsonArray());
                if (items.Count == 0) break;
                yield return ("with its last twice", new JsonArray([.. items.Append(items[^1]).Select(item => item!.DeepClone())]));
                if (items.Count > 1) yield return ("turned round", new JsonArray([.. items.Reverse().Select(item => item!.DeepClone())]));
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                foreach (var change in Texts(text)) yield return change;
                break;
        }
    }

    private static IEnumerable<(string, JsonNode?)> Texts(string text)
    {
        yield return ("empty", "");
        yield return ("longer", text + "A");
        if (long.TryParse(text, out var number))
        {
            yield return ("one more", (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            yield return ("negative", "-" + text);
            yield return ("as a number", JsonValue.Create(number));
            yield return ("with a fraction of zero", text + ".0");
            yield return ("with a plus", "+" + text);
            yield return ("with a blank", " " + text);
            yield return ("with a half", text + ".5");
            yield return ("beyond 64 bits", "9223372036854775808");
        }
        else if (TryBase64(text, out var bytes))
        {
            foreach (var at in new[] { 0, bytes.Length - 1 }.Distinct())
            {
                var flipped = bytes.ToArray();
                flipped[at] ^= 1;
                yield return ($"with bit {8 * at} flipped", Convert.ToBase64String(flipped));
            }

            yield return ("one byte short", Convert.ToBase64String(bytes[..^1]));
            yield return ("in the other alphabet", text.Replace('+', '-').Replace('/', '_'));
            yield return ("without padding", text.TrimEnd('='));
            yield return ("with a line break", text.Insert(4, "\n"));
            yield return ("with a blank", text.Insert(4, " "));
            if (text.EndsWith("w==", StringComparison.Ordinal)) yield return ("with loose bits", text[..^3] + "x==");
        }
        else
        {
            yield return ("with its first letter changed", (char)(text[0] ^ 1) + text[1..]);
            yield return ("with its last letter changed", text[..^1] + (char)(text[^1] ^ 1));
        }
    }

    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (text.Length < 8 || !Convert.TryFromBase64String(text, bytes, out var length)) return false;
        bytes = bytes[..length];
        return true;
    }

    private static void Rename(JsonObject parent, string from, string to)
    {
        var value = parent[from]!.DeepClone();
        parent.Remove(from);
        parent[to] = value;
    }

    private static string FieldName(string jsonName) =>
        string.Concat(jsonName.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));
}
