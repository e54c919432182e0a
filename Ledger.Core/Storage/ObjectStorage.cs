using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ledger.Core.Storage;

/// <summary>Small objects, read and conditionally written. Bounded by one pipeline, so that an outage that one caller met is answered at
/// once to the others.</summary>
public sealed class ObjectStorage(IAmazonS3 s3, ResiliencePipeline pipeline, StorageMetrics metrics)
{
    private const string Get = "get", Put = "put";

    private readonly string where = s3.Config.ServiceURL is { Length: > 0 } url ? url.TrimEnd('/')
        : $"AWS, region {s3.Config.AuthenticationRegion}";

    /// <summary>An object's content; null where the storage says that there is no such object.</summary>
    /// <param name="limit">Bytes that are read at most: of a longer object only its beginning and one byte more.</param>
    /// <exception cref="StorageException">Nothing can be said of the object.</exception>
    public Task<StoredObject?> ReadAsync(ObjectName name, int limit, CancellationToken cancel) =>
        CallAsync(Get, name, token => ReadOnceAsync(name, limit, token), cancel);

    /// <summary>Creates an object, or replaces exactly the version that was read; false, and nothing changed, where it is another by
    /// now. A try whose answer was lost is looked up, so that true is true of the caller's own content alone.</summary>
    /// <param name="replaced">Null: there must be no such object.</param>
    /// <exception cref="StorageException">Not done, or it cannot be told; the call may be repeated.</exception>
    public async Task<bool> TryWriteAsync(ObjectName name, byte[] content, string? replaced, CancellationToken cancel)
    {
        StorageException? doubt = null;
        try
        {
            var stored = await CallAsync(Put, name, token => WriteOnceAsync(name, content, replaced, token), cancel, e => doubt = e);
            if (stored || doubt is null) return stored;
        }
        catch (StorageException) when (doubt is not null) { }

        // One try may have done it although its answer was lost: then the next was refused because of our own write, or none got through.
        StoredObject? now;
        try { now = await ReadAsync(name, content.Length, cancel); }
        catch (StorageException e) when (e.InnerException is BrokenCircuitException) { throw doubt; } // which says why it is open
        if (now is not null && now.Content.AsSpan().SequenceEqual(content)) return true;
        return now?.Version != replaced ? false : throw doubt;
    }

    private Task<T> CallAsync<T>(string operation, ObjectName name, Func<CancellationToken, Task<T>> once, CancellationToken cancel,
        Action<StorageException>? inDoubt = null) => metrics.RunAsync(operation, async () =>
    {
        StorageException? last = null;
        try
        {
            return await pipeline.ExecuteAsync(async token =>
            {
                try { return await once(token); }
                catch (Exception e) when (!cancel.IsCancellationRequested)
                {
                    last = StorageErrors.Of(e, operation, name, where);
                    if (last.Fault is StorageFault.Unknown or StorageFault.Conflict) inDoubt?.Invoke(last);
                    throw last;
                }
            }, cancel);
        }
        catch (BrokenCircuitException e)
        {
            // Where an own try opened it, that one's failure says more.
            throw last ?? new StorageException(StorageFault.NotSent, $"The storage at {where} failed just now and is given a moment.", e);
        }
        catch (TimeoutRejectedException e)
        {
            throw new StorageException(StorageFault.Unknown, $"The storage at {where} did not answer in time.", e);
        }
    }, cancel);

    private async Task<StoredObject?> ReadOnceAsync(ObjectName name, int limit, CancellationToken cancel)
    {
        GetObjectResponse answer;
        try
        {
            answer = await s3.GetObjectAsync(new GetObjectRequest { BucketName = name.Bucket, Key = name.Key }, cancel);
        }
        // Only this code says so: a bucket that is not there, or a proxy's 404, must never pass for an object that is not.
        catch (AmazonS3Exception e) when (e is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" }) { return null; }
        using (answer)
        {
            var content = new byte[limit + 1];
            var length = await answer.ResponseStream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancel);
            return new StoredObject(content[..length], Version(answer.ETag));
        }
    }

    private async Task<bool> WriteOnceAsync(ObjectName name, byte[] content, string? replaced, CancellationToken cancel)
    {
        var request = new PutObjectRequest
        {
            BucketName = name.Bucket,
            Key = name.Key,
            InputStream = new MemoryStream(content, writable: false),
            ContentType = "text/plain; charset=utf-8",
            // Both: some servers check and keep the sum only where its algorithm is named, others only where the sum is sent.
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(content)),
            UseChunkEncoding = false,
            IfMatch = replaced,
            IfNoneMatch = replaced is null ? "*" : null,
        };
        try
        {
            _ = Version((await s3.PutObjectAsync(request, cancel)).ETag);
            return true;
        }
        catch (AmazonS3Exception e) when (e is { StatusCode: HttpStatusCode.PreconditionFailed, ErrorCode: "PreconditionFailed" })
        {
            return false;
        }
        // What was to be replaced is not there any more.
        catch (AmazonS3Exception e) when (replaced is not null && e is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" })
        {
            return false;
        }
    }

    private string Version(string? etag) => etag is { Length: > 0 } ? etag
        : throw new StorageException(StorageFault.Unknown, $"What answers at {where} is not an S3 service.");
}
