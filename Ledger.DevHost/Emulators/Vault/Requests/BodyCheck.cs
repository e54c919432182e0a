using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Go;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>The pass over a JSON body that Vault makes before it looks at the route: limits, double fields, syntax.</summary>
internal static class BodyCheck
{
    private const int FewNames = 16;

    /// <summary>The text of the 500 that a body deserves, or null.</summary>
    public static string? Refuse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = VaultLimits.Depth + 1 });
        var open = new Stack<Container>();
        try
        {
            while (reader.Read())
            {
                var refusal = Look(ref reader, body, open);
                if (refusal is not null)
                    return refusal;
            }
            return null;
        }
        catch (JsonException)
        {
            return GoSyntaxError.Of(body, "malformed JSON, unclosed containers");
        }
    }

    private static string? Look(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, Stack<Container> open)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                open.Pop();
                return null;
            case JsonTokenType.PropertyName:
                if (reader.ValueSpan.Length > VaultLimits.StringBytes)
                    return "JSON string value exceeds allowed length";
                var container = open.Peek();
                if (container.Count++ >= VaultLimits.ObjectEntries)
                    return "JSON object exceeds allowed entry count";
                return container.Add((int)reader.TokenStartIndex + 1, reader.ValueSpan, body)
                    ? null
                    : $"duplicate key '{reader.GetString()}' in object";
        }
        if (open.TryPeek(out var parent) && parent.IsArray && parent.Count++ >= VaultLimits.ArrayElements)
            return "JSON array exceeds allowed element count";
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                open.Push(new Container(reader.TokenType == JsonTokenType.StartArray));
                return open.Count > VaultLimits.Depth ? "JSON input exceeds allowed nesting depth" : null;
            case JsonTokenType.String when reader.ValueSpan.Length > VaultLimits.StringBytes:
                return "JSON string value exceeds allowed length";
            default:
                return null;
        }
    }

    /// <summary>One open object or array. Names are kept as places in the body: batches have thousands of small objects.</summary>
    private sealed class Container(bool isArray)
    {
        private List<(int Start, int Length)>? few;
        private HashSet<string>? many;

        public int Count;

        public bool IsArray => isArray;

        public bool Add(int start, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
        {
            if (many is not null)
                return many.Add(Encoding.UTF8.GetString(name));
            few ??= new List<(int, int)>(4);
            foreach (var (otherStart, length) in few)
            {
                if (body.Slice(otherStart, length).SequenceEqual(name))
                    return false;
            }
            few.Add((start, name.Length));
            if (few.Count > FewNames)
            {
                many = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (otherStart, length) in few)
                    many.Add(Encoding.UTF8.GetString(body.Slice(otherStart, length)));
            }
            return true;
        }
    }
}
