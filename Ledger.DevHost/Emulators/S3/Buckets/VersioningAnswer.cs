using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>?versioning of a bucket.
/// <code>&lt;VersioningConfiguration&gt;&lt;Status&gt;Enabled&lt;/Status&gt;&lt;/VersioningConfiguration&gt;</code></summary>
internal static class VersioningAnswer
{
    public static byte[] Of(Versioning versioning) => S3Xml.Document(
        "VersioningConfiguration", xml => xml.Optional("Status", versioning == Versioning.Never ? null : versioning.ToString()));

    /// <exception cref="S3Refusal">It is no status, or the bucket cannot take it.</exception>
    public static void Set(Bucket bucket, byte[] body)
    {
        if (body.Length == 0)
            throw S3Error.Internal.Refuse(); // as the real one does
        var versioning = RequestXml.Text(RequestXml.Read(body, "VersioningConfiguration"), "Status") switch
        {
            "Enabled" => Versioning.Enabled,
            "Suspended" => Versioning.Suspended,
            _ => throw S3Error.InvalidVersioning.Refuse(),
        };
        if (bucket.Settings.ObjectLock && versioning == Versioning.Suspended)
            throw S3Error.InvalidBucketState.Refuse();
        bucket.Change(settings => settings with { Versioning = versioning });
    }
}
