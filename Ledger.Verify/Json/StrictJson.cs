using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ledger.Verify.Json;

/// <summary>
/// An object of a known document. Each member is taken by name and type; at the end <see cref="Complete"/> says whether everything was
/// there,
/// of its type, and nothing else was, in this object and in all that were taken from it. Failure is sticky: until then a missing member
/// reads as empty.
/// </summary>
// Example: {"origin":"ledger.localhost/log/demo","seq":0} is read by Text("origin"), Number("seq"), Complete(out failure).
public sealed class StrictJson
{
    private readonly JsonElement _object;
    private readonly Document _document;
    private int _taken;

    private StrictJson(JsonElement element, Document document)
    {
        _object = element;
        _document = document;
        document.Objects.Add(this);
        if (element.ValueKind != JsonValueKind.Object) document.Fail();
    }

    /// <summary>Reads one JSON object under RFC 8785's demands (see <see cref="Jcs"/>), in whatever layout and order.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, JsonLimits limits, out StrictJson root, out JsonFailure failure)
    {
        // Everything that the BCL's reader is lenient about, or answers with an exception, is settled before it sees the bytes.
        var valid = Jcs.TryCanonicalize(utf8Json, limits, out var canonical, out failure);
        var element = valid ? JsonElement.Parse(canonical, new JsonDocumentOptions { MaxDepth = limits.MaxDepth + 1 }) : default;
        root = new StrictJson(element, new Document());
        if (valid && element.ValueKind != JsonValueKind.Object) failure = JsonFailure.WrongShape;
        return failure == JsonFailure.None;
    }

    public bool Has(string name) => _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out _);

    public string Text(string name) => Take(name, JsonValueKind.String) is { } value ? value.GetString()! : "";

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    /// <summary>0…2^53−1.</summary>
    public long Number(string name)
    {
        if (Take(name, JsonValueKind.Number) is not { } value) return 0;
        if (value.TryGetInt64(out var integer) && integer is >= 0 and <= Limits.MaxSafeInteger) return integer;
        _document.Fail();
        return 0;
    }

    public long? OptionalNumber(string name) => Has(name) ? Number(name) : null;

    /// <summary>64 lower-case hex digits.</summary>
    public Digest Hex(string name)
    {
        if (!Digest.TryParseHex(Text(name), out var digest)) _document.Fail();
        return digest;
    }

    /// <summary>Canonical base64.</summary>
    public byte[] Base64(string name)
    {
        if (!CanonicalBase64.TryDecode(Text(name), out var bytes)) _document.Fail();
        return bytes;
    }

    public StrictJson Child(string name) => new(Take(name, JsonValueKind.Object) ?? default, _document);

    public StrictJson? OptionalChild(string name) => Has(name) ? Child(name) : null;

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<StrictJson> Children(string name) => [.. Items(name).Select(item => new StrictJson(item, _document))];

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var items = Items(name);
        if (items.All(item => item.ValueKind == JsonValueKind.String)) return [.. items.Select(item => item.GetString()!)];
        _document.Fail();
        return [];
    }

    /// <summary>Any value, as its RFC 8785 bytes.</summary>
    public byte[] Canonical(string name)
    {
        if (!Has(name))
        {
            _document.Fail();
            return [];
        }

        _taken++;
        return JsonMarshal.GetRawUtf8Value(_object.GetProperty(name)).ToArray();
    }

    /// <summary>Whether every member was taken, and each had its type. Call it on the root, after the last member.</summary>
    public bool Complete(out JsonFailure failure)
    {
        var complete = !_document.Failed && _document.Objects.TrueForAll(item => item._object.GetPropertyCount() == item._taken);
        failure = complete ? JsonFailure.None : JsonFailure.WrongShape;
        return complete;
    }

    private JsonElement? Take(string name, JsonValueKind kind)
    {
        if (Has(name) && _object.GetProperty(name) is var value && value.ValueKind == kind)
        {
            _taken++;
            return value;
        }

        _document.Fail();
        return null;
    }

    private JsonElement[] Items(string name) => Take(name, JsonValueKind.Array) is { } array ? [.. array.EnumerateArray()] : [];

    private sealed class Document
    {
        public List<StrictJson> Objects { get; } = [];

        public bool Failed { get; private set; }

        public void Fail() => Failed = true;
    }
}
