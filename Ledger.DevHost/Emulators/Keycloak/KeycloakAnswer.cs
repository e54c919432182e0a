using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Answers with the headers that Keycloak puts on all of them.</summary>
internal static class KeycloakAnswer
{
    /// <summary>Content-Security-Policy of pages and of what follows a form.</summary>
    public const string PagePolicy = "frame-src 'self'; frame-ancestors 'self'; object-src 'none';";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
            body(json);
        return buffer.WrittenSpan.ToArray();
    }

    public static Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> body, string contentType = "application/json")
        => SendAsync(context, status, Json(body), contentType);

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
        WriteHeaders(response, framed: true);
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>An answer without a body; most of those lack X-Frame-Options.</summary>
    public static Task EmptyAsync(HttpContext context, int status, bool framed = false)
    {
        context.Response.StatusCode = status;
        if (status != 204)
            context.Response.ContentLength = 0;
        WriteHeaders(context.Response, framed);
        return Task.CompletedTask;
    }

    private static void WriteHeaders(HttpResponse response, bool framed)
    {
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        response.Headers.XContentTypeOptions = "nosniff";
        if (framed)
            response.Headers.XFrameOptions = "SAMEORIGIN";
        response.Headers["X-Robots-Tag"] = "none";
    }
}
