using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>PUT of an object.</summary>
internal sealed class PutObject(SignatureCheck signatures, TimeProvider time)
{
    public async Task PutAsync(S3Request request, BucketStore buckets)
    {
        var storageClass = PutRules.StorageClass(request);
        _ = RequestBody.WantedMd5(request);
        var length = RequestBody.Length(request);
        var payload = signatures.Check(request);
        var wanted = WantedChecksum.Of(request);
        PutRules.Check(request);
        var bucket = buckets[request.Bucket];
        RequestRules.CheckKey(request.Key);
        Conditions.CheckPut(request, bucket.Newest(request.Key)); // before the body; once more with the change itself

        await using var content = new IncomingContent(bucket.Contents, wanted?.Algorithm);
        await RequestBody.ReceiveAsync(request, payload, length, wanted, content).ConfigureAwait(false);
        var version = new ObjectVersion
        {
            Modified = time.GetUtcNow(),
            Content = content.Name,
            Size = content.Length,
            ETag = content.ETag,
            StorageClass = storageClass,
            Headers = ObjectHeaders.Of(request),
            Checksum = content.Checksum,
        };
        version = bucket.Put(request.Key, version, now => Conditions.CheckPut(request, now));
        content.Keep();
        WriteHeaders(request, version);
        await S3Answer.EmptyAsync(request.Context).ConfigureAwait(false);
    }

    public Task CopyAsync(S3Request request, BucketStore buckets, CopyObject copy)
    {
        var storageClass = PutRules.StorageClass(request);
        signatures.Check(request);
        PutRules.Check(request);
        return copy.AnswerAsync(request, buckets[request.Bucket], storageClass);
    }

    /// <summary>What is not done, said only to the user.</summary>
    public Task RefuseAsync(S3Request request, S3Error error)
    {
        signatures.Check(request);
        throw error.Refuse();
    }

    public static void WriteHeaders(S3Request request, ObjectVersion version)
    {
        request.SetHeader("ETag", $"\"{version.ETag}\"");
        request.SetHeader("x-amz-version-id", version.IsNull ? null : version.Id);
        version.Checksum?.WriteHeaders(request.Context.Response);
    }
}
