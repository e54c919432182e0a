using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Lists;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>Calls of the root and of buckets.</summary>
internal sealed class BucketRoutes(BucketStore buckets, MultiDelete multiDelete, string? region, TimeProvider time)
{
    private const int MaxBody = 1 << 20;

    public Task RootAsync(S3Request request, Payload payload) => request.Method switch
    {
        "GET" => S3Answer.XmlAsync(request.Context, BucketList()),
        _ => throw S3Error.NotImplemented.Refuse(), // STS
    };

    public Task BucketAsync(S3Request request, Payload payload) => request.Method switch
    {
        "HEAD" => HeadAsync(request),
        "GET" => GetAsync(request),
        "PUT" => PutAsync(request, payload),
        "DELETE" => DeleteAsync(request),
        _ => PostAsync(request, payload),
    };

    private Task HeadAsync(S3Request request)
    {
        _ = buckets[request.Bucket];
        request.SetHeader("X-Amz-Bucket-Region", region);
        request.Context.Response.ContentType = "application/xml";
        return S3Answer.EmptyAsync(request.Context);
    }

    private Task GetAsync(S3Request request)
    {
        if (Subresources.IsRefused(request))
            throw new S3Refusal(S3Error.NotImplemented) { Bare = true };
        var bucket = buckets[request.Bucket];
        if (request.Query.Has("location"))
            return S3Answer.XmlAsync(request.Context, Location());
        if (request.Query.Has("versioning"))
            return S3Answer.XmlAsync(request.Context, VersioningAnswer.Of(bucket.Settings.Versioning));
        return Subresources.Answer(request, bucket.Settings) is { } fixedAnswer
            ? S3Answer.XmlAsync(request.Context, fixedAnswer)
            : ListRoutes.AnswerAsync(request, bucket);
    }

    private async Task PutAsync(S3Request request, Payload payload)
    {
        if (Subresources.IsKnown(request))
            throw S3Error.NotImplemented.Refuse();
        var body = await RequestBody.ReadAsync(request, payload, MaxBody).ConfigureAwait(false);
        if (request.Query.Has("versioning"))
        {
            VersioningAnswer.Set(buckets[request.Bucket], body);
            await S3Answer.EmptyAsync(request.Context).ConfigureAwait(false);
            return;
        }
        var asked = body.Length > 0 ? RequestXml.Text(RequestXml.Read(body, "CreateBucketConfiguration"), "LocationConstraint") : null;
        if (region is not null && asked is { Length: > 0 } && asked != region)
            throw new S3Error(400, "InvalidRegion", $"Buckets are made in {region} alone.").Refuse();
        var locked = "true".Equals(request.Header("x-amz-bucket-object-lock-enabled"), StringComparison.OrdinalIgnoreCase);
        buckets.Create(new BucketSettings(request.Bucket, time.GetUtcNow())
        {
            ObjectLock = locked, Versioning = locked ? Versioning.Enabled : Versioning.Never,
        });
        request.SetHeader("Location", "/" + request.Bucket);
        await S3Answer.EmptyAsync(request.Context).ConfigureAwait(false);
    }

    private Task DeleteAsync(S3Request request)
    {
        if (Subresources.IsKnown(request))
            throw S3Error.NotImplemented.Refuse();
        buckets.Remove(request.Bucket, force: request.Header("x-minio-force-delete") == "true");
        return S3Answer.EmptyAsync(request.Context, 204);
    }

    private Task PostAsync(S3Request request, Payload payload)
        => request.Query.Has("delete")
            ? multiDelete.AnswerAsync(request, buckets[request.Bucket], payload)
            : throw (request.Context.Request.HasFormContentType
                ? S3Error.NotImplemented.Refuse()
                : new S3Refusal(S3Error.BadRequest("There is no such POST of a bucket.")) { Bare = true });

    // Never cut short, whatever max-buckets says.
    private byte[] BucketList() => S3Xml.Document("ListAllMyBucketsResult", xml =>
    {
        Owner.Write(xml);
        xml.Element("Buckets", list =>
        {
            foreach (var bucket in buckets.All)
                list.Element("Bucket", b => b.Text("Name", bucket.Name).Time("CreationDate", bucket.Created));
        });
    });

    // us-east-1 is the one without a name.
    private byte[] Location() => S3Xml.Document("LocationConstraint", xml => xml.Inner(region is null or "us-east-1" ? "" : region));
}
