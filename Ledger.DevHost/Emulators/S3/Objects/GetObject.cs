using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>GET and HEAD of an object, in whole or in part.</summary>
internal static class GetObject
{
    private static readonly (string Parameter, string Header)[] Overrides =
    [
        ("response-cache-control", "Cache-Control"), ("response-content-disposition", "Content-Disposition"),
        ("response-content-encoding", "Content-Encoding"), ("response-content-language", "Content-Language"),
        ("response-content-type", "Content-Type"), ("response-expires", "Expires"),
    ];

    public static async Task AnswerAsync(S3Request request, Bucket bucket)
    {
        var (found, content) = bucket.Open(request.Key, VersionOf(request));
        await using var opened = content;
        var version = Present(found, request);
        if (!Conditions.CheckGet(request, version))
        {
            WriteTag(request, version);
            await S3Answer.EmptyAsync(request.Context, 304).ConfigureAwait(false);
            return;
        }
        var range = RangeOf(request, version);
        WriteHeaders(request, version, range);
        var (first, length) = range ?? new ByteRange(0, version.Size);
        request.Context.Response.ContentLength = length;
        if (request.Method == "HEAD")
            return;
        content!.Seek(first, SeekOrigin.Begin);
        var buffer = new byte[64 << 10];
        while (length > 0)
        {
            var some = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length));
            var read = await content.ReadAsync(some, request.Aborted).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("the content is shorter than its record says");
            await request.Context.Response.Body.WriteAsync(buffer.AsMemory(0, read), request.Aborted).ConfigureAwait(false);
            length -= read;
        }
    }

    /// <summary>Null: the newest.</summary>
    /// <exception cref="S3Refusal">It can be no version's id.</exception>
    public static string? VersionOf(S3Request request) => request.Query["versionId"] switch
    {
        null or "" => null,
        var id when VersionId.IsOne(id) => id,
        _ => throw S3Error.InvalidArgument("versionId is a UUID or null.").Refuse(),
    };

    /// <exception cref="S3Refusal">It is a delete marker: there is nothing to read.</exception>
    public static ObjectVersion Present(ObjectVersion version, S3Request request)
        => version.DeleteMarker
            ? throw new S3Refusal(VersionOf(request) is null ? S3Error.NoSuchKey : S3Error.MethodNotAllowed)
            {
                Headers = version.IsNull
                    ? [("x-amz-delete-marker", "true")]
                    : [("x-amz-delete-marker", "true"), ("x-amz-version-id", version.Id)],
            }
            : version;

    private static ByteRange? RangeOf(S3Request request, ObjectVersion version)
    {
        var range = request.Header("Range");
        if (request.Query["partNumber"] is not { } text)
            return ByteRange.Parse(range, version.Size);
        if (range is not null)
            throw S3Error.InvalidRequest("Range and partNumber exclude each other.").Refuse();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            throw S3Error.InvalidArgument("partNumber is 1 to 10000.").Refuse();
        var sizes = version.Parts.Count == 0 ? [version.Size] : version.Parts.Select(p => p.Size).ToList();
        return number <= sizes.Count
            ? new ByteRange(sizes.Take(number - 1).Sum(), sizes[number - 1])
            : throw new S3Refusal(S3Error.InvalidPartNumber) { AnnouncesBody = true };
    }

    private static void WriteHeaders(S3Request request, ObjectVersion version, ByteRange? range)
    {
        var response = request.Context.Response;
        version.Headers.WriteTo(response);
        WriteTag(request, version);
        request.SetHeader("Accept-Ranges", "bytes");
        request.SetHeader("x-amz-version-id", version.IsNull ? null : version.Id);
        request.SetHeader("x-amz-storage-class", version.StorageClass == "STANDARD" ? null : version.StorageClass);
        if (range is { } part)
        {
            response.StatusCode = 206;
            request.SetHeader("Content-Range", part.ContentRange(version.Size));
            if (request.Query.Has("partNumber") && version.Parts.Count > 0)
                request.SetHeader("x-amz-mp-parts-count", version.Parts.Count.ToString(CultureInfo.InvariantCulture));
        }
        else if ("ENABLED".Equals(request.Header("x-amz-checksum-mode"), StringComparison.OrdinalIgnoreCase))
        {
            version.Checksum?.WriteHeaders(response);
        }
        foreach (var (parameter, header) in Overrides)
            request.SetHeader(header, request.Query[parameter]);
    }

    private static void WriteTag(S3Request request, ObjectVersion version)
    {
        request.SetHeader("ETag", $"\"{version.ETag}\"");
        request.SetHeader("Last-Modified", version.Modified.ToString("r", CultureInfo.InvariantCulture));
    }
}
