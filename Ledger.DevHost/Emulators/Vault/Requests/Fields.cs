using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>
/// The fields of one request, from the body, the query or a form, each still raw JSON; read through the route's declaration.
/// </summary>
internal sealed class Fields
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> raw = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => raw.Keys;

    /// <summary>Top-level members of an object that <see cref="BodyCheck"/> has passed.</summary>
    public static Fields FromJson(ReadOnlyMemory<byte> json)
    {
        var fields = new Fields();
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = VaultLimits.Depth + 1 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            fields.raw[name] = json[start..(int)reader.BytesConsumed];
        }
        return fields;
    }

    /// <summary>A form or a query: everything is text, the first value of a name counts.</summary>
    public static Fields FromTexts(IEnumerable<KeyValuePair<string, string?>> texts)
    {
        var fields = new Fields();
        foreach (var (name, value) in texts)
            fields.raw.TryAdd(name, JsonSerializer.SerializeToUtf8Bytes(value ?? ""));
        return fields;
    }

    /// <summary>Sent, and not null: what Go code sees as present.</summary>
    public bool Has(string name) => raw.TryGetValue(name, out var value) && !value.Span.SequenceEqual("null"u8);

    public ReadOnlyMemory<byte> Raw(string name) => Has(name) ? raw[name] : default;

    public string Text(string name) => Has(name) ? AsText(raw[name].Span) : "";

    public long Integer(string name) => Has(name) && GoNumber.TryInteger(Text(name), out var value) ? value : 0;

    public bool Flag(string name) => Has(name) && GoNumber.TryFlag(Text(name), out var value) && value;

    public long Seconds(string name) => Has(name) && GoDuration.TryParseSeconds(Text(name), out var value) ? value : 0;

    public IReadOnlyList<string> List(string name)
    {
        if (!Has(name))
            return [];
        if (raw[name].Span[0] != '[')
            return Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        using var list = JsonDocument.Parse(raw[name]);
        return [.. list.RootElement.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : e.GetRawText())];
    }

    /// <summary>The text of the 400 for the first declared field that cannot be converted, or null.</summary>
    public string? Refuse(FrozenDictionary<string, FieldType> declared)
    {
        foreach (var name in raw.Keys)
        {
            if (declared.TryGetValue(name, out var type) && Has(name) && Unconvertible(name, type) is { } why)
                return $"Field validation failed: error converting input for field \"{name}\": {why}";
        }
        return null;
    }

    /// <summary>JSON text of a scalar as Go's weak decoding sees it.</summary>
    public static string AsText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.True => "1",
            JsonTokenType.False => "0",
            JsonTokenType.Null => "",
            _ => Encoding.UTF8.GetString(json),
        };
    }

    private string? Unconvertible(string name, FieldType type)
    {
        if (type is FieldType.Any or FieldType.List)
            return null;
        if (raw[name].Span[0] is (byte)'{' or (byte)'[')
        {
            var wanted = type switch { FieldType.Text => "string", FieldType.Flag => "bool", _ => "int" };
            var got = raw[name].Span[0] == '{' ? "map[string]interface {}" : "[]interface {}";
            return $"'' expected type '{wanted}', got unconvertible type '{got}'";
        }
        var text = Text(name);
        return type switch
        {
            FieldType.Integer when !GoNumber.TryInteger(text, out _)
                => $"cannot parse '' as int: strconv.ParseInt: parsing \"{text}\": invalid syntax",
            FieldType.Flag when !GoNumber.TryFlag(text, out _)
                => $"cannot parse '' as bool: strconv.ParseBool: parsing \"{text}\": invalid syntax",
            FieldType.Seconds when !GoDuration.TryParseSeconds(text, out _) => $"time: invalid duration \"{text}\"",
            _ => null,
        };
    }
}
