using System.Globalization;
using System.Text.Json;
using Ledger.Verify.Json;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// A protobuf message in its JSON form, read as leniently as Go's reader does and no more so: members in camelCase or as the field is
/// named, null for unset, numbers as numbers or strings; an unknown or repeated member is refused. Failure is sticky, as in
/// <see cref="StrictJson"/>: until <see cref="Complete"/> says so, an unset or wrong member reads as its zero value.
/// https://protobuf.dev/programming-guides/json/
/// </summary>
// Example: {"logIndex":"2","logId":{"keyId":"6Sra…"}} and {"log_index":2,"log_id":{"key_id":"6Sra…"},"integratedTime":null} are the same.
internal sealed class ProtoJson
{
    private readonly JsonElement _object;
    private readonly Document _document;
    private int _taken;

    private ProtoJson(JsonElement element, Document document)
    {
        _object = element;
        _document = document;
        document.Objects.Add(this);
        if (element.ValueKind != JsonValueKind.Object) document.Fail();
    }

    /// <summary>Reads one JSON object; a name that is there twice, text that is not UTF-8 and anything after it are refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, int maxBytes, out ProtoJson root)
    {
        var limits = new JsonLimits(Limits.DocumentDepth, maxBytes);
        // White space is not counted by the JSON limit, so the input has a cap of its own.
        var valid = utf8Json.Length <= 2 * maxBytes;
        var canonical = Array.Empty<byte>();
        valid = valid && Jcs.TryCanonicalize(utf8Json, limits, out canonical, out _);
        var element = valid ? JsonElement.Parse(canonical, new JsonDocumentOptions { MaxDepth = limits.MaxDepth + 1 }) : default;
        root = new ProtoJson(element, new Document());
        return valid && element.ValueKind == JsonValueKind.Object;
    }

    /// <summary>The value of a string; empty when unset.</summary>
    public string Text(string name) => Take(name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        null => "",
        _ => Fail(""),
    };

    /// <summary>Null when unset.</summary>
    public byte[]? Bytes(string name) => Take(name) is { } value ? Bytes(value) : null;

    public IReadOnlyList<byte[]> BytesList(string name) => [.. Items(name).Select(Bytes)];

    public long Int64(string name) => Take(name) switch
    {
        null => 0,
        { } value when ProtoScalars.TryInt64(value, out var number) => number,
        _ => Fail(0L),
    };

    /// <summary>The value's name, or its number as a decimal; null when unset.</summary>
    /// <param name="name">The member.</param>
    /// <param name="values">The names of the values from 0 on; "" where a number has no name here.</param>
    public string? Enum(string name, ReadOnlySpan<string> values)
    {
        if (Take(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && values.Contains(text)) return text;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) return Fail("");
        return number >= 0 && number < values.Length && values[number].Length > 0
            ? values[number]
            : number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A <c>google.protobuf.Timestamp</c>; null when unset.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Take(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && ProtoScalars.TryTime(value.GetString()!, out var time)) return time;
        return Fail<DateTimeOffset?>(null);
    }

    public ProtoJson? Child(string name) => Take(name) is { } value ? new ProtoJson(value, _document) : null;

    public IReadOnlyList<ProtoJson> Children(string name) => [.. Items(name).Select(item => new ProtoJson(item, _document))];

    /// <summary>A map of strings to strings.</summary>
    public IReadOnlyList<(string Key, string Value)> Map(string name)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Object) return Fail<(string, string)[]>([]);
        var members = value.EnumerateObject().ToArray();
        return members.All(member => member.Value.ValueKind == JsonValueKind.String)
            ? [.. members.Select(member => (member.Name, member.Value.GetString()!))]
            : Fail<(string, string)[]>([]);
    }

    /// <summary>Every member of this object: free content, such as a <c>google.protobuf.Struct</c>.</summary>
    public void IgnoreAll() => _taken = _object.ValueKind == JsonValueKind.Object ? _object.GetPropertyCount() : 0;

    /// <summary>Whether nothing was wrong and every member was taken. Call it on the root, after the last member.</summary>
    public bool Complete() => !_document.Failed && _document.Objects.TrueForAll(item => item._object.GetPropertyCount() == item._taken);

    private JsonElement? Take(string name)
    {
        if (_object.ValueKind != JsonValueKind.Object) return null;
        var found = _object.TryGetProperty(name, out var value);
        if (_object.TryGetProperty(ProtoScalars.FieldName(name), out var other) && ProtoScalars.FieldName(name) != name)
        {
            if (found) _document.Fail();
            found = true;
            value = other;
        }

        if (!found) return null;
        _taken++;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    private JsonElement[] Items(string name) => Take(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray()],
        _ => Fail<JsonElement[]>([]),
    };

    private byte[] Bytes(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && LenientBase64.TryDecodeField(value.GetString()!, out var bytes)
            ? bytes
            : Fail<byte[]>([]);

    private T Fail<T>(T value)
    {
        _document.Fail();
        return value;
    }

    private sealed class Document
    {
        public List<ProtoJson> Objects { get; } = [];

        public bool Failed { get; private set; }

        public void Fail() => Failed = true;
    }
}
