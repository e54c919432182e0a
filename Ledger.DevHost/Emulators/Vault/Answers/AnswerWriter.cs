using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Vault.Answers;

/// <summary>Answers as bytes on the wire.</summary>
internal static class AnswerWriter
{
    // Base64 has '+' in it, and Vault does not escape that.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private const int SmallBody = 2048; // larger ones come chunked

    public static async Task SendAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        SetHeaders(response);
        if (answer.Status == 204)
            return;
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Options))
            Write(json, answer);
        body.Write("\n"u8);
        if (body.WrittenCount <= SmallBody)
            response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    public static void SetHeaders(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }

    /// <summary>A random UUID's text.</summary>
    public static string NewId()
    {
        Span<byte> id = stackalloc byte[16];
        RandomNumberGenerator.Fill(id);
        return new Guid(id).ToString();
    }

    private static void Write(Utf8JsonWriter json, Answer answer)
    {
        if (answer.Whole is not null)
        {
            answer.Whole(json);
            return;
        }
        json.WriteStartObject();
        if (answer.Errors is not null)
        {
            WriteTexts(json, "errors"u8, answer.Errors);
            if (answer.Warnings.Count > 0)
                WriteTexts(json, "warnings"u8, answer.Warnings);
            json.WriteEndObject();
            return;
        }
        answer.Beside?.Invoke(json);
        json.WriteString("request_id"u8, NewId());
        json.WriteString("lease_id"u8, ""u8);
        json.WriteBoolean("renewable"u8, false);
        json.WriteNumber("lease_duration"u8, 0);
        WriteOr(json, "data"u8, answer.Data);
        json.WriteNull("wrap_info"u8);
        if (answer.Warnings.Count > 0)
            WriteTexts(json, "warnings"u8, answer.Warnings);
        else
            json.WriteNull("warnings"u8);
        WriteOr(json, "auth"u8, answer.Auth);
        json.WriteString("mount_type"u8, answer.MountType);
        json.WriteEndObject();
    }

    private static void WriteOr(Utf8JsonWriter json, ReadOnlySpan<byte> name, Action<Utf8JsonWriter>? value)
    {
        json.WritePropertyName(name);
        if (value is null)
            json.WriteNullValue();
        else
            value(json);
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
