using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Rekor1.Answers;

/// <summary>Status, body and the headers that depend on the route.</summary>
/// <param name="Body">Null: none, and no media type.</param>
internal sealed record Rekor1Answer(int Status, byte[]? Body, string MediaType = "application/json")
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? Location { get; init; }

    public string? Etag { get; init; }

    /// <summary>The Allow header of a 405.</summary>
    public string? Allow { get; init; }

    public static readonly Rekor1Answer NotFound = new(404, null);

    /// <summary>What a handler says: ends with a line feed.</summary>
    public static Rekor1Answer Json(int status, Action<Utf8JsonWriter> write) => new(status, [.. Bytes(write), (byte)'\n']);

    /// <summary>An error of a handler.</summary>
    public static Rekor1Answer Error(int status, string message) => new(status, [.. ErrorBytes(status, message), (byte)'\n']);

    /// <summary>What the framework refuses before any handler: without a line feed, and with a code that may be its own.</summary>
    public static Rekor1Answer Refusal(int status, string message, int? code = null) => new(status, ErrorBytes(code ?? status, message));

    /// <summary>422, a value that is missing (602), of a wrong type (601), form (605) or size (609, 611, 612).</summary>
    public static Rekor1Answer Invalid(int code, string message) => Refusal(422, message, code);

    private static byte[] ErrorBytes(int code, string message) => Bytes(w =>
    {
        w.WriteStartObject();
        w.WriteNumber("code", code);
        w.WriteString("message", message);
        w.WriteEndObject();
    });

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return buffer.ToArray();
    }
}
