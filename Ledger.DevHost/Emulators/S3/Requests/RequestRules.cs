using System.Text;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Requests;

/// <summary>What is refused of any request, whoever sends it: the store looks at it before the signature.</summary>
internal static partial class RequestRules
{
    private const int MaxHeaders = 8 << 10;
    private const int MaxMetadata = 2 << 10;
    private const int MaxKey = 1024;
    private const int MaxSegment = 255;
    private const string MetadataPrefix = "x-amz-meta-";

    /// <exception cref="S3Refusal">It is.</exception>
    public static void Check(S3Request request)
    {
        if (TooLarge(request.Context.Request.Headers))
            throw new S3Refusal(S3Error.MetadataTooLarge) { Bare = true };
        if (IsBadPath(request.Path) || request.Query.All.Any(p => p.Name != "delimiter" && IsBadPath(p.Value)))
            throw new S3Refusal(S3Error.InvalidResourceName) { Bare = true };
        if (request.Bucket == "minio" && request.Key.Length == 0)
            throw new S3Refusal(S3Error.AllAccessDisabled) { Bare = true };
        if (request.Bucket.Length > 0 && !IsBucketName(request.Bucket))
            throw new S3Refusal(S3Error.InvalidBucketName) { Bare = true };
        if (request.Header("x-amz-server-side-encryption-customer-algorithm") is not null)
            throw new S3Refusal(S3Error.InvalidRequest("Keys of customers are only taken over https.")) { Bare = true };
    }

    /// <exception cref="S3Refusal">No object can have that key.</exception>
    public static void CheckKey(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) > MaxKey)
            throw S3Error.KeyTooLong.Refuse();
        if (key.Length == 0 || key.Contains("//", StringComparison.Ordinal) || key.AsSpan().ContainsAny('\0', '\uFFFD')
            || key.Split('/').Any(s => Encoding.UTF8.GetByteCount(s) > MaxSegment))
            throw S3Error.InvalidObjectName.Refuse();
    }

    /// <summary>Its names become folders: three to 63 of <c>a-z 0-9 . -</c>, no dots in a row, no address.</summary>
    public static bool IsBucketName(string name)
        => BucketName().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal)
            && !name.Contains(".-", StringComparison.Ordinal) && !name.Contains("-.", StringComparison.Ordinal)
            && !Address().IsMatch(name);

    private static bool TooLarge(IHeaderDictionary headers)
    {
        var (all, user) = (0, 0);
        foreach (var (name, value) in headers)
        {
            var length = name.Length + Encoding.UTF8.GetByteCount(value.ToString());
            all += length;
            if (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                user += length;
        }
        return all > MaxHeaders || user > MaxMetadata;
    }

    private static bool IsBadPath(string path)
        => path.Contains('.', StringComparison.Ordinal) && path.Split('/', '\\').Any(s => s.Trim() is "." or "..");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\z")]
    private static partial Regex Address();
}
