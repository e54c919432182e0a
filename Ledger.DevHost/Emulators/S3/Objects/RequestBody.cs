using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Chunked;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>The bytes a request brings, freed of their chunks and held against all that it says of them.</summary>
internal static class RequestBody
{
    private const long MaxObject = 5L << 40;

    /// <summary>The decoded length, before anything is read.</summary>
    /// <exception cref="S3Refusal">There is none, or too much of it.</exception>
    public static long Length(S3Request request)
    {
        var http = request.Context.Request;
        var chunks = request.Header("x-amz-content-sha256")?.StartsWith("STREAMING-", StringComparison.Ordinal) == true;
        var length = http.ContentLength ?? (http.Headers.TransferEncoding.Count > 0 ? -1 : 0);
        if (chunks && request.Header("x-amz-decoded-content-length") is { } decoded
            && !long.TryParse(decoded, NumberStyles.None, CultureInfo.InvariantCulture, out length))
            throw S3Error.InvalidArgument("x-amz-decoded-content-length is a number of bytes.").Refuse();
        return length switch
        {
            < 0 => throw S3Error.MissingContentLength.Refuse(),
            > MaxObject => throw S3Error.EntityTooLarge.Refuse(),
            _ => length,
        };
    }

    /// <summary>MD5 that the body must have; null: the request does not say.</summary>
    /// <exception cref="S3Refusal">It is none.</exception>
    public static byte[]? WantedMd5(S3Request request)
    {
        if (request.Header("Content-MD5") is not { } text)
            return null;
        var md5 = new byte[18];
        return Convert.TryFromBase64String(text, md5, out var written) && written == 16 ? md5[..16] : throw S3Error.InvalidDigest.Refuse();
    }

    /// <summary>Into a file.</summary>
    /// <exception cref="S3Refusal">They are not what the request says they are.</exception>
    public static async Task ReceiveAsync(S3Request request, Payload payload, long length, WantedChecksum? wanted, IncomingContent into)
    {
        var md5 = WantedMd5(request);
        var trailer = await CopyAsync(request, payload, length, into.WriteAsync).ConfigureAwait(false);
        await into.FinishAsync(request.Aborted).ConfigureAwait(false);
        if (payload.Hash is { } hash && hash != into.Sha256)
            throw S3Error.ContentMismatch.Refuse();
        if (md5 is not null && !md5.AsSpan().SequenceEqual(into.Md5))
            throw S3Error.BadDigest.Refuse();
        if (wanted is null)
            return;
        var sent = wanted.Value ?? trailer.GetValueOrDefault(wanted.Trailer) ?? throw ChunkReader.Malformed();
        if (sent != into.Checksum?.Value)
            throw S3Error.ChecksumMismatch.Refuse();
    }

    /// <summary>Into memory: what is read as XML.</summary>
    /// <param name="max">Bytes; more are refused.</param>
    public static async Task<byte[]> ReadAsync(S3Request request, Payload payload, int max)
    {
        var length = Length(request);
        if (length > max)
            throw S3Error.EntityTooLarge.Refuse();
        using var body = new MemoryStream();
        await CopyAsync(request, payload, length, bytes => body.WriteAsync(bytes)).ConfigureAwait(false);
        var bytes = body.ToArray();
        return payload.Hash is { } hash && hash != Signing.Hash(bytes) ? throw S3Error.ContentMismatch.Refuse() : bytes;
    }

    private static async Task<IReadOnlyDictionary<string, string>> CopyAsync(
        S3Request request, Payload payload, long length, Func<ReadOnlyMemory<byte>, ValueTask> sink)
    {
        try
        {
            if (payload.Chunks)
            {
                var chunks = new ChunkReader(request.Context.Request.BodyReader, payload, length);
                await chunks.ReadAsync(sink, request.Aborted).ConfigureAwait(false);
                return chunks.Trailer;
            }
            var (buffer, body) = (new byte[64 << 10], request.Context.Request.Body);
            while (await body.ReadAsync(buffer, request.Aborted).ConfigureAwait(false) is > 0 and var read)
                await sink(buffer.AsMemory(0, read)).ConfigureAwait(false);
            return new Dictionary<string, string>();
        }
        catch (BadHttpRequestException)
        {
            throw S3Error.ClientDisconnected.Refuse();
        }
    }
}
