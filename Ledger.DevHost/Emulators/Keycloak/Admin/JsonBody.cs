using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Reads bodies as strictly as the real server's JSON library: broken, of another type, with a field nobody knows.</summary>
internal static class JsonBody
{
    private const string Unparsable = "Cannot parse the JSON";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>The object in the body.</summary>
    /// <param name="request">E.g. with the body <c>{"username":"ada","enabled":true}</c>.</param>
    /// <param name="representation">What it is called in messages, e.g. <c>UserRepresentation</c>.</param>
    /// <param name="fields">All it may have; null: any.</param>
    public static JsonElement Object(AdminRequest request, string representation, IReadOnlySet<string>? fields)
    {
        var json = Parse(request);
        if (json.ValueKind == JsonValueKind.Null)
            throw new AdminRefusal(AdminAnswer.Unforeseen);
        if (json.ValueKind != JsonValueKind.Object)
            throw WrongType();
        if (fields is not null && FirstUnknown(request.Body, fields) is var (name, line, column))
        {
            throw new AdminRefusal(AdminAnswer.Error(400,
                $"Invalid json representation for {representation}. Unrecognized field \"{name}\" at line {line} column {column}."));
        }
        return json;
    }

    /// <summary>The objects of an array.</summary>
    public static JsonElement[] Objects(AdminRequest request)
    {
        var json = Parse(request);
        return json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object)
            ? [.. json.EnumerateArray()]
            : throw WrongType();
    }

    public static AdminRefusal WrongType() => new(AdminAnswer.Error(400, "unknown_error", Unparsable));

    private static JsonElement Parse(AdminRequest request)
    {
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new AdminRefusal(AdminAnswer.Error(415, "The content-type header value did not match the value in @Consumes"));
        if (request.Body.Length == 0)
            throw new AdminRefusal(AdminAnswer.Unforeseen);
        try
        {
            using var document = JsonDocument.Parse(request.Body, Options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new AdminRefusal(AdminAnswer.Error(400, "invalid_request", Unparsable));
        }
    }

    // The column is the one behind the value's first token: behind a whole number or word, but only behind the opening quote of a text.
    private static (string Name, int Line, int Column)? FirstUnknown(byte[] body, IReadOnlySet<string> fields)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;
            var name = reader.GetString()!;
            if (fields.Contains(name))
                continue;
            reader.Read();
            var end = (int)(reader.TokenType == JsonTokenType.String ? reader.TokenStartIndex + 1 : reader.BytesConsumed);
            var read = body.AsSpan(0, end);
            return (name, read.Count((byte)'\n') + 1, end - read.LastIndexOf((byte)'\n'));
        }
        return null;
    }
}
