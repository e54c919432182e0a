using System.Security.Cryptography;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>POST ?uploadId: the parts become an object, all or nothing.</summary>
internal sealed class CompleteUpload(TimeProvider time)
{
    private const int MaxBody = 4 << 20;
    private const long MinPart = 5 << 20;

    public async Task AnswerAsync(S3Request request, Bucket bucket, Payload payload)
    {
        var body = await RequestBody.ReadAsync(request, payload, MaxBody).ConfigureAwait(false);
        var upload = bucket.Uploads.Find(request.Key, request.Query["uploadId"]!);
        var named = CompletedPart.Read(body);
        Conditions.CheckPut(request, bucket.Newest(request.Key));
        var algorithm = ChecksumAlgorithm.Find(upload.Algorithm);
        var come = bucket.Uploads.PartsOf(upload).ToDictionary(p => p.Number);
        var parts = named.Select(n => n.Match(come.GetValueOrDefault(n.Number), algorithm)).ToList();
        if (parts.SkipLast(1).Any(p => p.Size < MinPart))
            throw S3Error.EntityTooSmall.Refuse();

        await using var content = new IncomingContent(bucket.Contents, upload.ChecksumType == Checksum.FullObject ? algorithm : null);
        await JoinAsync(bucket, parts, content, request.Aborted).ConfigureAwait(false);
        var version = Version(upload, parts, content, algorithm);
        if (algorithm is not null && request.Header(algorithm.HeaderName) is { } sent && sent.Split('-')[0] != version.Checksum!.Value)
            throw S3Error.ChecksumMismatch.Refuse();
        // Of two that complete the same upload, the second finds it gone and puts nothing.
        version = bucket.Put(
            request.Key,
            version,
            now =>
            {
                bucket.Uploads.Find(request.Key, upload.Id);
                Conditions.CheckPut(request, now);
            },
            then: () => bucket.Uploads.Remove(request.Key, upload.Id));
        content.Keep();
        await SayAsync(request, bucket, version).ConfigureAwait(false);
    }

    private static async Task JoinAsync(Bucket bucket, List<UploadPart> parts, IncomingContent into, CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            await using var content = Opened(bucket, part);
            await into.CopyFromAsync(content, part.Size, cancellationToken).ConfigureAwait(false);
        }
        await into.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private static FileStream Opened(Bucket bucket, UploadPart part)
    {
        try
        {
            return bucket.Open(part);
        }
        catch (FileNotFoundException)
        {
            throw S3Error.InvalidPart.Refuse(); // another has taken its place
        }
    }

    private ObjectVersion Version(Upload upload, List<UploadPart> parts, IncomingContent content, ChecksumAlgorithm? algorithm)
    {
#pragma warning disable CA5351 // The ETag of such an object is the MD5 of its parts' MD5.
        var etag = MD5.HashData(parts.SelectMany(p => Convert.FromHexString(p.ETag)).ToArray());
#pragma warning restore CA5351
        return new ObjectVersion
        {
            Modified = time.GetUtcNow(),
            Content = content.Name,
            Size = content.Length,
            ETag = $"{Convert.ToHexStringLower(etag)}-{parts.Count}",
            StorageClass = upload.StorageClass,
            Headers = upload.Headers,
            Checksum = content.Checksum ?? (algorithm is null ? null : Composite(algorithm, parts)),
            Parts = [.. parts.Select(p => new ObjectPart(p.Number, p.Size, p.Checksum))],
        };
    }

    private static Checksum Composite(ChecksumAlgorithm algorithm, List<UploadPart> parts)
    {
        var running = algorithm.Start();
        foreach (var part in parts)
            running.Append(Convert.FromBase64String(part.Checksum!.Value));
        return new Checksum(algorithm.Name, Convert.ToBase64String(running.Finish()), Checksum.Composite, parts.Count);
    }

    private static Task SayAsync(S3Request request, Bucket bucket, ObjectVersion version)
    {
        PutObject.WriteHeaders(request, version);
        var http = request.Context.Request;
        var location = $"{http.Scheme}://{http.Host}/{bucket.Name}/{PercentText.Encoded(request.Key, stays: "/")}";
        return S3Answer.XmlAsync(request.Context, S3Xml.Document("CompleteMultipartUploadResult", xml =>
        {
            xml.Text("Location", location).Text("Bucket", bucket.Name).Text("Key", request.Key).Text("ETag", $"\"{version.ETag}\"");
            version.Checksum?.WriteTo(xml);
        }));
    }
}
