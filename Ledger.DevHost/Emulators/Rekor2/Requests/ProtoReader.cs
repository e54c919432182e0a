using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Rekor2.Requests;

/// <summary>
/// Why a body is no request, in protojson's words; the blank after "proto:" is the no-break space that the recorded build has.
/// </summary>
internal sealed class ProtoError(string message) : Exception("proto:\u00a0" + message);

/// <summary>
/// Reads the JSON form of a message: names of both spellings, base64 of both alphabets, enums by name or number; unknown fields are
/// refused. <code>{"hashedRekordRequestV002":{"digest":base64,"signature":{"content":base64,"verifier":{…}}}}</code>
/// </summary>
internal sealed class ProtoReader(byte[] json)
{
    /// <summary>Values by name: byte arrays, enums, dictionaries; what is null or missing is not in it.</summary>
    /// <exception cref="ProtoError">It is not of that shape.</exception>
    public IReadOnlyDictionary<string, object> Read(ProtoMessage shape)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        reader.Read();
        return Message(ref reader, shape);
    }

    private Dictionary<string, object> Message(ref Utf8JsonReader reader, ProtoMessage shape)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ProtoError($"syntax error {At(ref reader)}: unexpected token {Token(ref reader)}");
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        var seen = new HashSet<ProtoField>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var field = shape.Fields.FirstOrDefault(f => f.Name == name || f.ProtoName == name)
                ?? throw new ProtoError($"{At(ref reader)}: unknown field \"{name}\"");
            if (!seen.Add(field))
                throw new ProtoError($"{At(ref reader)}: duplicate field \"{name}\"");
            var at = At(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            if (field.OneOf is { } group && shape.Fields.Any(f => f.OneOf == group && values.ContainsKey(f.Name)))
                throw new ProtoError($"{at}: error parsing \"{name}\", oneof {group} is already set");
            values[field.Name] = Value(ref reader, field);
        }
        return values;
    }

    private object Value(ref Utf8JsonReader reader, ProtoField field)
    {
        switch (field.Type)
        {
            case ProtoType.Message:
                return Message(ref reader, field.Of!);
            case ProtoType.Bytes:
                var bytes = reader.TokenType == JsonTokenType.String ? Bytes(reader.GetString()!) : null;
                return bytes ?? throw Invalid(ref reader, "bytes", field);
            case ProtoType.Enum:
                var details = reader.TokenType switch
                {
                    JsonTokenType.String => KeyDetails.Named(reader.GetString()!),
                    JsonTokenType.Number when reader.TryGetDouble(out var number) && number == (int)number =>
                        KeyDetails.Numbered((int)number) ?? new KeyDetails((int)number, ""),
                    _ => null,
                };
                return details ?? throw Invalid(ref reader, "enum", field);
            default:
                reader.Skip();
                return field;
        }
    }

    private ProtoError Invalid(ref Utf8JsonReader reader, string type, ProtoField field) =>
        new($"{At(ref reader)}: invalid value for {type} field {field.Name}: {Token(ref reader)}");

    // Standard or URL alphabet; padded not at all, or rightly.
    private static byte[]? Bytes(string text)
    {
        if (text.Any(char.IsWhiteSpace)) // .NET would skip it
            return null;
        var plain = text.Replace('-', '+').Replace('_', '/');
        var padded = plain.Contains('=', StringComparison.Ordinal) ? plain : plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var written) ? bytes[..written] : null;
    }

    private string At(ref Utf8JsonReader reader)
    {
        var before = json.AsSpan(0, (int)reader.TokenStartIndex);
        return $"(line {before.Count((byte)'\n') + 1}:{before.Length - before.LastIndexOf((byte)'\n')})";
    }

    private string Token(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "{",
        JsonTokenType.StartArray => "[",
        _ => Encoding.UTF8.GetString(json.AsSpan((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex))),
    };
}
