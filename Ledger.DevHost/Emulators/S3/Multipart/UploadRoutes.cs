using System.Security.Cryptography;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>Calls of multipart uploads: begin, a part, complete. Parts are listed by <see cref="PartList"/>, abort is a DELETE.</summary>
internal sealed class UploadRoutes(SignatureCheck signatures, BucketStore buckets, TimeProvider time)
{
    private readonly PutPart parts = new(time);
    private readonly CompleteUpload complete = new(time);

    public Task PutAsync(S3Request request, bool isCopy)
    {
        if (isCopy)
        {
            signatures.Check(request);
            return parts.CopyAsync(request, Checked(request), buckets);
        }
        _ = RequestBody.WantedMd5(request);
        var length = RequestBody.Length(request);
        var payload = signatures.Check(request);
        return parts.PutAsync(request, Checked(request), payload, length);
    }

    public Task PostAsync(S3Request request, Bucket bucket, Payload payload)
        => request.Query.Has("uploads") ? BeginAsync(request, bucket)
            : request.Query.Has("uploadId") ? complete.AnswerAsync(request, bucket, payload)
            : throw S3Error.NotImplemented.Refuse(); // select, restore

    private Bucket Checked(S3Request request)
    {
        var bucket = buckets[request.Bucket];
        RequestRules.CheckKey(request.Key);
        return bucket;
    }

    private Task BeginAsync(S3Request request, Bucket bucket)
    {
        PutRules.Check(request);
        Conditions.CheckPut(request, bucket.Newest(request.Key));
        var (algorithm, type) = ChecksumOf(request);
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        bucket.Uploads.Add(new Upload(id, request.Key, time.GetUtcNow(), ObjectHeaders.Of(request))
        {
            StorageClass = PutRules.StorageClass(request), Algorithm = algorithm?.Name, ChecksumType = type,
        });
        request.SetHeader("X-Amz-Checksum-Algorithm", algorithm?.Name);
        request.SetHeader("X-Amz-Checksum-Type", type);
        return S3Answer.XmlAsync(request.Context, S3Xml.Document(
            "InitiateMultipartUploadResult", xml => xml.Text("Bucket", bucket.Name).Text("Key", request.Key).Text("UploadId", id)));
    }

    private static (ChecksumAlgorithm? Algorithm, string? Type) ChecksumOf(S3Request request)
    {
        var (name, type) = (request.Header("x-amz-checksum-algorithm"), request.Header("x-amz-checksum-type"));
        if (string.IsNullOrEmpty(name))
            return (null, null);
        var algorithm = ChecksumAlgorithm.Find(name) ?? throw S3Error.InvalidArgument("There is no such checksum.").Refuse();
        return (algorithm, type ?? algorithm.DefaultType) switch
        {
            (_, Checksum.FullObject) when algorithm.IsLinear => (algorithm, Checksum.FullObject),
            (_, Checksum.Composite) when algorithm.DefaultType == Checksum.Composite => (algorithm, Checksum.Composite),
            _ => throw S3Error.InvalidArgument("That checksum is not made so.").Refuse(),
        };
    }
}
