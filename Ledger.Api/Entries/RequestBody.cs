using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Entries;

/// <summary>Reads a request's raw bytes: the body that an Idempotency-Key covers is exactly what was sent.</summary>
internal static class RequestBody
{
    private const string Json = "application/json";

    /// <summary>The body, within <paramref name="limit"/> bytes.</summary>
    /// <param name="mediaType">Taken beside application/json, where JSON of its kind has a name of its own.</param>
    /// <exception cref="LedgerProblemException">unsupported-media-type, payload-too-large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancel,
        string mediaType = Json)
    {
        if (!IsJson(request.ContentType, mediaType))
            throw new LedgerProblemException(ProblemTypes.UnsupportedMediaType,
                mediaType == Json ? "The body must be application/json." : $"The body must be application/json or {mediaType}.",
                "Content-Type");
        if (request.ContentLength > limit) throw TooLarge(limit);

        // Not pooled: a group commit may still hold the body after its request was given up. One byte more than the limit tells "over" from
        // "at".
        // Grows with what arrives: what a header announces costs nothing.
        var buffer = new byte[Math.Min((int?)request.ContentLength ?? 4096, 64 * 1024)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == request.ContentLength) break;
                Array.Resize(ref buffer, Math.Min(Math.Max(4096, length * 2), limit + 1));
            }
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0) break;
            length += read;
            if (length > limit) throw TooLarge(limit);
        }
        return buffer.AsMemory(0, length);
    }

    /// <summary>The claim that the request's Idempotency-Key makes; null without the header.</summary>
    /// <exception cref="LedgerProblemException">invalid-idempotency-key.</exception>
    public static IdempotencyClaim? Claim(HttpRequest request, string principal, string route, ReadOnlyMemory<byte> body)
    {
        var given = request.Headers["Idempotency-Key"];
        if (given.Count == 0) return null;
        if (given is not [{ } key] || !IdempotencyClaim.IsKey(key))
            throw new LedgerProblemException(ProblemTypes.InvalidIdempotencyKey,
                "Idempotency-Key must be 1 to 255 visible ASCII characters, given once.", "Idempotency-Key");
        return new IdempotencyClaim(principal, route, key, body);
    }

    private static bool IsJson(string? contentType, string mediaType)
    {
        if (contentType == Json) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !(type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))) return false;
        return !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);
    }

    private static LedgerProblemException TooLarge(int limit) =>
        new(ProblemTypes.PayloadTooLarge, $"The body may have at most {limit} bytes.");
}
