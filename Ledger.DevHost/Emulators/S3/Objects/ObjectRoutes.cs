using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Multipart;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>Calls of objects.</summary>
internal sealed class ObjectRoutes(PutObject put, CopyObject copy, UploadRoutes uploads, TimeProvider time)
{
    private static readonly string[] Settings = ["acl", "legal-hold", "restore", "retention", "select", "tagging", "torrent"];

    /// <summary>A put checks its signature itself: the real server first looks at what it could not store anyway.</summary>
    public Task PutAsync(S3Request request, BucketStore buckets)
    {
        var isCopy = request.Header("x-amz-copy-source") is not null;
        if (request.Query.Has("uploadId"))
            return uploads.PutAsync(request, isCopy);
        if (Settings.Any(request.Query.Has))
            return put.RefuseAsync(request, S3Error.NotImplemented);
        return isCopy ? put.CopyAsync(request, buckets, copy) : put.PutAsync(request, buckets);
    }

    public Task OtherAsync(S3Request request, BucketStore buckets, Payload payload)
    {
        var bucket = buckets[request.Bucket];
        RequestRules.CheckKey(request.Key);
        return request.Method switch
        {
            "POST" => uploads.PostAsync(request, bucket, payload),
            "DELETE" => DeleteAsync(request, bucket),
            _ => GetAsync(request, bucket),
        };
    }

    private static Task GetAsync(S3Request request, Bucket bucket)
    {
        if (request.Query.Has("uploadId"))
            return S3Answer.XmlAsync(request.Context, PartList.Of(request, bucket));
        if (request.Query.Has("attributes"))
            return S3Answer.XmlAsync(request.Context, ObjectAttributes.Of(request, bucket));
        if (request.Query.Has("acl") || request.Query.Has("tagging"))
            return S3Answer.XmlAsync(request.Context, SettingOf(request, bucket));
        return Settings.Any(request.Query.Has) ? throw S3Error.NotImplemented.Refuse() : GetObject.AnswerAsync(request, bucket);
    }

    // There are no other owners, and no tags.
    private static byte[] SettingOf(S3Request request, Bucket bucket)
    {
        _ = GetObject.Present(bucket.Find(request.Key, GetObject.VersionOf(request)), request);
        return request.Query.Has("acl") ? AccessControl.OfOwner() : S3Xml.Document("Tagging", xml => xml.Element("TagSet", _ => { }));
    }

    private Task DeleteAsync(S3Request request, Bucket bucket)
    {
        if (request.Query["uploadId"] is { } uploadId)
        {
            bucket.Uploads.Remove(request.Key, uploadId); // there or not: it is not there now
            return S3Answer.EmptyAsync(request.Context, 204);
        }
        if (Settings.Any(request.Query.Has))
            throw S3Error.NotImplemented.Refuse();
        if (bucket.Delete(request.Key, GetObject.VersionOf(request), time.GetUtcNow()) is { IsNull: false } said)
        {
            request.SetHeader("x-amz-version-id", said.Id);
            request.SetHeader("x-amz-delete-marker", said.DeleteMarker ? "true" : null);
        }
        return S3Answer.EmptyAsync(request.Context, 204);
    }
}
