using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>PUT with x-amz-copy-source: a new object of the bytes of another. It always has a checksum, a crc64nvme where the source has
/// none.</summary>
internal sealed class CopyObject(BucketStore buckets, TimeProvider time)
{
    public async Task AnswerAsync(S3Request request, Bucket bucket, string storageClass)
    {
        var source = CopySource.Of(request);
        RequestRules.CheckKey(request.Key);
        var replaces = request.Header("x-amz-metadata-directive") switch
        {
            null or "" or "COPY" => false,
            "REPLACE" => true,
            _ => throw source.Named(S3Error.InvalidArgument("x-amz-metadata-directive is COPY or REPLACE.").Refuse()),
        };
        var (from, content) = source.Open(request, buckets);
        await using var opened = content;
        if (source.Bucket == bucket.Name && source.Key == request.Key && source.VersionId is null && !replaces
            && storageClass == from.StorageClass)
            throw S3Error.InvalidRequest("A copy onto itself must change something.").Refuse();

        var algorithm = ChecksumAlgorithm.Find(request.Header("x-amz-checksum-algorithm"))
            ?? (from.Checksum is { Parts: 0 } ? ChecksumAlgorithm.Find(from.Checksum.Algorithm) : null) ?? ChecksumAlgorithm.Crc64Nvme;
        await using var copy = new IncomingContent(bucket.Contents, algorithm);
        await copy.CopyFromAsync(content, from.Size, request.Aborted).ConfigureAwait(false);
        await copy.FinishAsync(request.Aborted).ConfigureAwait(false);
        var version = new ObjectVersion
        {
            Modified = time.GetUtcNow(),
            Content = copy.Name,
            Size = copy.Length,
            ETag = copy.ETag,
            StorageClass = storageClass,
            Headers = replaces ? ObjectHeaders.Of(request) : from.Headers,
            Checksum = copy.Checksum,
        };
        version = bucket.Put(request.Key, version, now => Conditions.CheckPut(request, now));
        copy.Keep();
        PutObject.WriteHeaders(request, version);
        request.SetHeader("x-amz-copy-source-version-id", from.IsNull ? null : from.Id);
        var said = S3Xml.Document(
            "CopyObjectResult", xml => xml.Time("LastModified", version.Modified).Text("ETag", $"\"{version.ETag}\""));
        await S3Answer.XmlAsync(request.Context, said).ConfigureAwait(false);
    }
}
