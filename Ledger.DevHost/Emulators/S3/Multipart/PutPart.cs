using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>PUT ?partNumber&amp;uploadId: a part that is sent, or copied from an object.</summary>
internal sealed class PutPart(TimeProvider time)
{
    private const int MaxNumber = 10_000;
    private const long MaxPart = 5L << 30;

    public async Task PutAsync(S3Request request, Bucket bucket, Payload payload, long length)
    {
        if (length > MaxPart)
            throw S3Error.EntityTooLarge.Refuse();
        var number = NumberOf(request);
        var upload = bucket.Uploads.Find(request.Key, request.Query["uploadId"]!);
        var wanted = WantedChecksum.Of(request);
        if (upload.Algorithm is { } needed && wanted?.Algorithm.Name != needed)
            throw S3Error.InvalidArgument($"Every part of this upload needs a {needed}.").Refuse();
        await using var content = new IncomingContent(bucket.Contents, wanted?.Algorithm);
        await RequestBody.ReceiveAsync(request, payload, length, wanted, content).ConfigureAwait(false);
        var part = Kept(bucket, upload, number, content);
        request.SetHeader("ETag", $"\"{part.ETag}\"");
        part.Checksum?.WriteHeaders(request.Context.Response, withType: false);
        await S3Answer.EmptyAsync(request.Context).ConfigureAwait(false);
    }

    public async Task CopyAsync(S3Request request, Bucket bucket, BucketStore buckets)
    {
        var source = CopySource.Of(request);
        var number = NumberOf(request);
        var upload = bucket.Uploads.Find(request.Key, request.Query["uploadId"]!);
        var (from, content) = source.Open(request, buckets);
        await using var opened = content;
        var (first, length) = RangeOf(request, source, from.Size) ?? new ByteRange(0, from.Size);
        if (length > MaxPart)
            throw S3Error.EntityTooLarge.Refuse();
        await using var copy = new IncomingContent(bucket.Contents, ChecksumAlgorithm.Find(upload.Algorithm));
        content.Seek(first, SeekOrigin.Begin);
        await copy.CopyFromAsync(content, length, request.Aborted).ConfigureAwait(false);
        await copy.FinishAsync(request.Aborted).ConfigureAwait(false);
        var part = Kept(bucket, upload, number, copy);
        await S3Answer.XmlAsync(request.Context, S3Xml.Document("CopyPartResult", xml =>
        {
            xml.Time("LastModified", part.Modified).Text("ETag", $"\"{part.ETag}\"");
            part.Checksum?.WriteTo(xml);
        })).ConfigureAwait(false);
    }

    private UploadPart Kept(Bucket bucket, Upload upload, int number, IncomingContent content)
    {
        var part = new UploadPart(number, content.Name, content.Length, content.ETag, time.GetUtcNow(), content.Checksum);
        bucket.Uploads.Put(upload, part);
        content.Keep();
        return part;
    }

    // Here, unlike in a GET, the range must be all there.
    private static ByteRange? RangeOf(S3Request request, CopySource source, long size)
    {
        var text = request.Header("x-amz-copy-source-range");
        if (string.IsNullOrEmpty(text))
            return null;
        var ends = text.StartsWith("bytes=", StringComparison.Ordinal) ? text["bytes=".Length..].Split('-') : [];
        return ends.Length == 2 && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last && last < size
            ? new ByteRange(first, last - first + 1)
            : throw source.Named(S3Error.InvalidArgument("x-amz-copy-source-range is bytes=FIRST-LAST, within the source.").Refuse());
    }

    private static int NumberOf(S3Request request)
    {
        var good = int.TryParse(request.Query["partNumber"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!good || number < 1)
            throw S3Error.InvalidPart.Refuse();
        return number <= MaxNumber ? number : throw S3Error.InvalidArgument($"partNumber is at most {MaxNumber}.").Refuse();
    }
}
