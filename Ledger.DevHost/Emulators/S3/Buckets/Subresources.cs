using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>Settings of buckets that cannot be made here: reading one says that there is none, which is true; making one is 501.</summary>
internal static class Subresources
{
    // The real server has none of these either.
    private static readonly string[] Refused =
        ["analytics", "intelligent-tiering", "inventory", "metrics", "ownershipControls", "publicAccessBlock"];

    private static readonly Dictionary<string, S3Error> None = new(StringComparer.Ordinal)
    {
        ["cors"] = Missing("NoSuchCORSConfiguration"),
        ["encryption"] = Missing("ServerSideEncryptionConfigurationNotFoundError"),
        ["lifecycle"] = Missing("NoSuchLifecycleConfiguration"),
        ["policy"] = Missing("NoSuchBucketPolicy"),
        ["policyStatus"] = Missing("NoSuchBucketPolicy"),
        ["replication"] = Missing("ReplicationConfigurationNotFoundError"),
        ["tagging"] = Missing("NoSuchTagSet"),
        ["website"] = Missing("NoSuchWebsiteConfiguration"),
    };

    private static readonly Dictionary<string, Func<byte[]>> Fixed = new(StringComparer.Ordinal)
    {
        ["accelerate"] = () => S3Xml.Document("AccelerateConfiguration", _ => { }),
        ["acl"] = AccessControl.OfOwner,
        ["logging"] = () => S3Xml.Document("BucketLoggingStatus", _ => { }),
        ["notification"] = () => S3Xml.Document("NotificationConfiguration", _ => { }),
        ["requestPayment"] = () => S3Xml.Document("RequestPaymentConfiguration", xml => xml.Text("Payer", "BucketOwner")),
    };

    public static bool IsRefused(S3Request request) => Refused.Any(request.Query.Has);

    /// <summary>Whether the call is of a setting rather than of the bucket.</summary>
    public static bool IsKnown(S3Request request)
        => IsRefused(request) || None.Keys.Concat(Fixed.Keys).Append("object-lock").Any(request.Query.Has);

    /// <summary>Null: the call is of none of them.</summary>
    /// <exception cref="S3Refusal">There is none.</exception>
    public static byte[]? Answer(S3Request request, BucketSettings settings)
    {
        if (request.Query.Has("object-lock"))
            return settings.ObjectLock
                ? S3Xml.Document("ObjectLockConfiguration", xml => xml.Text("ObjectLockEnabled", "Enabled"))
                : throw Missing("ObjectLockConfigurationNotFoundError").Refuse();
        if (None.FirstOrDefault(n => request.Query.Has(n.Key)) is { Value: { } none })
            throw none.Refuse();
        return Fixed.FirstOrDefault(f => request.Query.Has(f.Key)).Value?.Invoke();
    }

    private static S3Error Missing(string code) => new(404, code, "The bucket has none.");
}
