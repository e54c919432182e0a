using System.Text;
using Ledger.DevHost.Emulators.Vault.Answers;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>The fields of a request: from the body where it writes, from the query where it reads.</summary>
internal static class RequestBody
{
    public static async ValueTask<(Fields? Fields, Answer? Refusal)> ReadAsync(HttpContext context, Operation operation)
    {
        var request = context.Request;
        if (operation != Operation.Update)
            return (Fields.FromTexts(request.Query.Where(q => q.Key is not ("list" or "help"))
                .Select(q => KeyValuePair.Create(q.Key, q.Value.FirstOrDefault()))), null);
        var body = await BytesAsync(context).ConfigureAwait(false);
        if (body is null)
        {
            context.Response.Headers.Connection = "close"; // the rest of the body is not read
            return (null, Answer.Error(413, "http: request body too large"));
        }
        var start = body.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
        // curl calls whatever follows -d a form; Vault looks, and takes JSON for JSON.
        if (request.HasFormContentType && (start < 0 || body[start] is not ((byte)'{' or (byte)'[')))
        {
            using var form = new FormReader(Encoding.UTF8.GetString(body));
            return (Fields.FromTexts(form.ReadForm().Select(f => KeyValuePair.Create(f.Key, f.Value.FirstOrDefault()))), null);
        }
        if (start < 0)
            return (Fields.FromTexts([]), null);
        if (BodyCheck.Refuse(body) is { } error)
            return (null, Answer.Error(500, error));
        return body[start] switch
        {
            (byte)'{' => (Fields.FromJson(body), null),
            (byte)'n' => (Fields.FromTexts([]), null),
            var other => (null, Answer.BadRequest(
                "error parsing JSON: failed to parse JSON input: "
                + $"json: cannot unmarshal {KindOf(other)} into Go value of type map[string]interface {{}}")),
        };
    }

    private static string KindOf(byte first) => first switch
    {
        (byte)'[' => "array",
        (byte)'"' => "string",
        (byte)'t' or (byte)'f' => "bool",
        _ => "number",
    };

    // Null: too long.
    private static async ValueTask<byte[]?> BytesAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > VaultLimits.BodyBytes)
            return null;
        if (request.ContentLength is { } length)
        {
            var exact = new byte[length];
            await request.Body.ReadExactlyAsync(exact, context.RequestAborted).ConfigureAwait(false);
            return exact;
        }
        using var growing = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            growing.Write(part, 0, read);
            if (growing.Length > VaultLimits.BodyBytes)
                return null;
        }
        return growing.ToArray();
    }
}
