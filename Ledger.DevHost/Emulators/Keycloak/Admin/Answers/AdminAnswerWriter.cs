using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

/// <summary>Sends an answer with the headers the real server puts on it.</summary>
internal static class AdminAnswerWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task SendAsync(HttpContext context, AdminAnswer answer)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = answer.Status;
        if (answer.Location is { } location)
            headers.Location = location;
        if (answer.NoCache)
            headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Robots-Tag"] = "none";
        if (answer.Body is not null || context.Request.ContentType is not null) // no frame without any content
            headers.XFrameOptions = "SAMEORIGIN";
        if (answer.Body is null)
            return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
            answer.Body(json);
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = buffer.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
