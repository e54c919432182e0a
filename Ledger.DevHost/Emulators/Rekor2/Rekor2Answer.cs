using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Rekor2;

/// <summary>Status, body, media type; what goes wrong has gRPC's codes.</summary>
internal sealed record Rekor2Answer(int Status, byte[] Body, string MediaType = "application/json")
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of an entry that is there already: X-Log-Index.</summary>
    public int? LogIndex { get; init; }

    /// <summary>The rest of the body is not read.</summary>
    public bool Closes { get; init; }

    public static Rekor2Answer InvalidRequest => Error(400, 3, "invalid hashedrekord request");

    public static Rekor2Answer NotHashedRekord => Error(400, 3, "invalid type, must be hashedrekord");

    public static Rekor2Answer Internal => Error(500, 13, "internal server error");

    public static Rekor2Answer Pushback => Error(503, 14, "reached max pushback; retry");

    public static Rekor2Answer WrongMethod => Error(501, 12, "Method Not Allowed");

    public static Rekor2Answer NotFound => Error(404, 5, "Not Found");

    /// <summary>What the file server says.</summary>
    public static Rekor2Answer NoSuchFile => new(404, "404 page not found\n"u8.ToArray(), "text/plain; charset=utf-8");

    public static Rekor2Answer Frozen =>
        new(405, "This log has been frozen, please switch to the latest log.\n"u8.ToArray(), "text/plain; charset=utf-8");

    public static Rekor2Answer Exists(int index) =>
        Error(409, 6, $"an equivalent entry already exists in the transparency log with index {index}") with { LogIndex = index };

    public static Rekor2Answer Error(int status, int code, string message) => Json(status, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("code", code);
        w.WriteString("message", message);
        w.WriteStartArray("details");
        w.WriteEndArray();
        w.WriteEndObject();
    });

    public static Rekor2Answer Json(int status, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return new Rekor2Answer(status, buffer.ToArray());
    }

    public async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.ContentLength = Body.Length;
        if (LogIndex is { } index)
            response.Headers["X-Log-Index"] = index.ToString(CultureInfo.InvariantCulture);
        if (Closes)
            response.Headers.Connection = "close";
        await response.Body.WriteAsync(Body, context.RequestAborted).ConfigureAwait(false);
    }
}
