using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>One item of <c>batch_input</c>: <c>{"input":"aXRlbSAw","reference":"ref-0"}</c>. What was not sent is null; texts are
/// UTF-8.</summary>
internal struct BatchItem
{
    public ReadOnlyMemory<byte>? Input;
    public ReadOnlyMemory<byte>? Signature;
    public ReadOnlyMemory<byte>? Mac;
    public ReadOnlyMemory<byte> Reference;
}

/// <summary>Reads <c>batch_input</c> without a string per item: a thousand of them are one ordinary request.</summary>
internal static class BatchItems
{
    /// <summary>The items, or the text of the 500.</summary>
    public static BatchItem[]? Read(ReadOnlyMemory<byte> json, out string? refusal)
    {
        refusal = null;
        if (json.Span[0] != (byte)'[')
        {
            refusal = $"failed to parse batch input: '': source data must be an array or slice, got {GoKind(json.Span[0])}";
            return null;
        }
        var items = new List<BatchItem>();
        var errors = new List<string>();
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = default(BatchItem);
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadItem(ref reader, json, ref item, items.Count, errors);
            else if (reader.TokenType != JsonTokenType.Null)
            {
                errors.Add($"'[{items.Count}]' expected a map, got '{GoKind(json.Span[(int)reader.TokenStartIndex])}'");
                reader.Skip();
            }
            items.Add(item);
        }
        if (errors.Count == 0)
            return [.. items];
        errors.Sort(StringComparer.Ordinal);
        refusal = $"failed to parse batch input: {errors.Count} error(s) decoding:\n\n{string.Join('\n', errors.Select(e => "* " + e))}";
        return null;
    }

    private static void ReadItem(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, ref BatchItem item, int index, List<string> errors)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("input"u8) ? 'i'
                : reader.ValueTextEquals("signature"u8) ? 's'
                : reader.ValueTextEquals("hmac"u8) || reader.ValueTextEquals("cmac"u8) ? 'm'
                : reader.ValueTextEquals("reference"u8) ? 'r'
                : ' ';
            var shown = name == ' ' ? reader.GetString() : null;
            reader.Read();
            var value = Text(ref reader, json);
            if (value is null)
            {
                var (kind, shownValue) = reader.TokenType switch
                {
                    JsonTokenType.StartObject => ("map[string]interface {}", ""),
                    JsonTokenType.StartArray => ("[]interface {}", ""),
                    _ => ("bool", reader.TokenType == JsonTokenType.True ? ", value: 'true'" : ", value: 'false'"),
                };
                shown ??= name switch { 'i' => "input", 's' => "signature", 'm' => "hmac", _ => "reference" };
                errors.Add($"'[{index}][{shown}]' expected type 'string', got unconvertible type '{kind}'{shownValue}");
                reader.Skip();
                continue;
            }
            switch (name)
            {
                case 'i':
                    item.Input = value;
                    break;
                case 's':
                    item.Signature = value;
                    break;
                case 'm':
                    item.Mac = value;
                    break;
                case 'r':
                    item.Reference = value.Value;
                    break;
            }
        }
    }

    // Numbers are texts to Vault; null is the empty text.
    private static ReadOnlyMemory<byte>? Text(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueIsEscaped => Encoding.UTF8.GetBytes(reader.GetString()!),
        JsonTokenType.String => json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length),
        JsonTokenType.Number => json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length),
        JsonTokenType.Null => ReadOnlyMemory<byte>.Empty,
        // A bare null would be an empty memory, which is a value.
        _ => default(ReadOnlyMemory<byte>?),
    };

    private static string GoKind(byte first) => first switch
    {
        (byte)'{' => "map",
        (byte)'[' => "slice",
        (byte)'t' or (byte)'f' => "bool",
        _ => "string", // numbers are kept as text
    };
}
