using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Ledger.Core.Checkpoints;

/// <summary>Section <c>HighWaterMark</c>: marks are kept in a folder or in a bucket, never in both.</summary>
public sealed partial class HighWaterMarkOptions : IValidatableObject
{
    public const string Section = "HighWaterMark";

    /// <summary>The folder of the file store, shared by every API and worker process of one machine; never on the database's volume, never
    /// in its backup.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The bucket of the S3 store, which section <c>Storage</c> says how to reach; never in the database's backup
    /// either.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What its objects' names begin with: nothing, or segments that each end with a slash. Default <c>marks/</c>.</summary>
    public string Prefix { get; set; } = "marks/";

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Directory.Length == 0 && Bucket.Length == 0)
            yield return new ValidationResult("HighWaterMark:Directory is not set, and neither is HighWaterMark:Bucket: name a folder "
                + "outside the database's volume and backups, or a bucket.");
        if (Directory.Length > 0 && Bucket.Length > 0)
            yield return new ValidationResult("HighWaterMark:Directory and HighWaterMark:Bucket are both set: marks are kept in one place; "
                + "remove the other.");
        if (Bucket.Length > 0 && !BucketName().IsMatch(Bucket))
            yield return new ValidationResult("a bucket's name is 3 to 63 lower-case letters, digits, dots and dashes.", [nameof(Bucket)]);
        if (!ObjectPrefix().IsMatch(Prefix))
            yield return new ValidationResult("is segments of letters, digits, _ and - that each end with a slash, e.g. marks/.",
                [nameof(Prefix)]);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A([A-Za-z0-9_-]{1,100}/){0,5}\z")]
    private static partial Regex ObjectPrefix();
}
