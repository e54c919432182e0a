using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Answers with the headers that Keycloak puts on all of them.</summary>
internal static class KeycloakAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> body, string contentType = "application/json")
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
            body(json);
        return SendAsync(context, status, buffer.WrittenMemory, contentType);
    }

    public static Task ErrorAsync(HttpContext context, int status, string error) => JsonAsync(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", error);
        json.WriteEndObject();
    });

    public static async Task SendAsync(HttpContext context, int status, ReadOnlyMemory<byte> body, string contentType)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "SAMEORIGIN";
        response.Headers["X-Robots-Tag"] = "none";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
