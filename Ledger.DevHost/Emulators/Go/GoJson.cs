using System.Text.Json;

namespace Ledger.DevHost.Emulators.Go;

/// <summary>JSON as a Go server reads it from a stream: the first value counts, whatever follows it.</summary>
internal static class GoJson
{
    /// <summary>What Go calls a type of value in its error messages.</summary>
    public static string KindOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Object => "object",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    /// <summary>True where there is nothing but blanks.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> body) => !body.ContainsAnyExcept(" \t\r\n"u8);

    /// <summary>The first value, or in Go's words what is wrong with it.</summary>
    public static bool TryParseFirst(ReadOnlyMemory<byte> body, out JsonElement value, out string error)
    {
        (value, error) = (default, "");
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            if (!reader.Read())
                throw new JsonException();
            using var json = JsonDocument.ParseValue(ref reader);
            value = json.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            error = GoSyntaxError.Of(body.Span, "unexpected EOF");
            return false;
        }
    }
}
