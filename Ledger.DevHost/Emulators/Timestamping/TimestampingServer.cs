using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>RFC 3161, 3.4: a query in the body of a POST, the reply in the answer's; and the certificates for whoever asks.</summary>
internal sealed class TimestampingServer(Authority authority, Authority stranger, TimeProvider time)
{
    private const string Query = "application/timestamp-query", Reply = "application/timestamp-reply";
    private const int MostBytes = 64 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = (request.Path.Value ?? "/").TrimEnd('/');
        if (path == "/api/v1/timestamp/certchain" && HttpMethods.IsGet(request.Method))
        {
            response.ContentType = "application/pem-certificate-chain";
            await response.WriteAsync(authority.Pem, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        if (path is not ("" or "/api/v1/timestamp"))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!HttpMethods.IsPost(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "POST";
            return;
        }
        if (request.ContentType?.Split(';')[0].Trim() != Query)
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        if (await BodyAsync(request).ConfigureAwait(false) is not { } body)
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            response.Headers.Connection = "close";
            return;
        }
        var reply = Answer(body, FaultMiddleware.DetailsOf(context));
        response.ContentType = Reply;
        response.ContentLength = reply.Length;
        await response.Body.WriteAsync(reply, context.RequestAborted).ConfigureAwait(false);
    }

    private byte[] Answer(byte[] body, Fault? fault)
    {
        if (TimestampQuery.TryParse(body) is not { } query)
            return TimestampReply.Rejected(TimestampReply.BadDataFormat);
        if (!TimestampQuery.DigestBytes.TryGetValue(query.HashOid, out var length))
            return TimestampReply.Rejected(TimestampReply.BadAlgorithm);
        if (query.Imprint.Length != length)
            return TimestampReply.Rejected(TimestampReply.BadDataFormat);
        if (fault?.Mode == FaultMode.WrongImprint)
            query = query with { Imprint = SHA512.HashData(query.Imprint)[..length] };
        var at = time.GetUtcNow() + (fault?.Mode == FaultMode.ClockSkew ? fault.Skew : TimeSpan.Zero);
        var signer = fault?.Mode == FaultMode.WrongKey ? stranger : authority;
        return TimestampReply.Granted(TimestampToken.Make(query, at, signer, broken: fault?.Mode == FaultMode.WrongSignature));
    }

    // Null: too long.
    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes)
            return null;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return body.Length <= MostBytes ? body.ToArray() : null;
    }
}
