using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>What x-amz-copy-source names. <code>/golden-ver/v.txt?versionId=a6086bc6-ac5c-4abc-a07a-0eef62ba0e2e</code></summary>
/// <param name="Bucket">Of the source.</param>
/// <param name="Key">Of the source.</param>
/// <param name="VersionId">Null: the newest.</param>
internal sealed record CopySource(string Bucket, string Key, string? VersionId)
{
    /// <exception cref="S3Refusal">It names no object.</exception>
    public static CopySource Of(S3Request request)
    {
        var parts = request.Header("x-amz-copy-source")!.Split("?versionId=", 2);
        var path = PercentText.Decoded(parts[0]).TrimStart('/').Split('/', 2);
        var versionId = parts.Length > 1 ? PercentText.Decoded(parts[1]) : null;
        if (path.Length < 2 || path[1].Length == 0 || (versionId is not null && !Objects.VersionId.IsOne(versionId)))
            throw S3Error.InvalidArgument("x-amz-copy-source is BUCKET/KEY, percent-encoded.").Refuse();
        return new CopySource(path[0], path[1], versionId);
    }

    /// <summary>The version and its bytes.</summary>
    /// <exception cref="S3Refusal">It is not there, a delete marker, or not as the request's conditions want it.</exception>
    public (ObjectVersion Version, FileStream Content) Open(S3Request request, BucketStore buckets)
    {
        try
        {
            var (version, content) = buckets[Bucket].Open(Key, VersionId);
            if (content is null)
                throw S3Error.NoSuchKey.Refuse();
            try
            {
                Conditions.CheckCopy(request, version);
                return (version, content);
            }
            catch
            {
                content.Dispose();
                throw;
            }
        }
        catch (S3Refusal refusal)
        {
            throw Named(refusal);
        }
    }

    /// <summary>The same refusal, of this key.</summary>
    public S3Refusal Named(S3Refusal refusal) => new(refusal.Error) { Key = Key, Headers = refusal.Headers };
}
