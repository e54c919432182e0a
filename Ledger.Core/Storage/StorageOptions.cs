using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Storage;

/// <summary>Section <c>Storage</c>: the S3 service, AWS's or any other that speaks it.</summary>
public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "Storage";

    /// <summary>Where it listens, e.g. <c>https://minio.example.com:9000</c>; null: AWS, by its region. Alias: AWS_ENDPOINT_URL.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region in its signatures. Default <c>us-east-1</c>. Alias: AWS_REGION.</summary>
    [Required, RegularExpression("[a-z0-9-]+", ErrorMessage = "a region is lower-case letters, digits and dashes, e.g. eu-west-3.")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path rather than in the host's name; default: where <see cref="Endpoint"/> is
    /// set.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>With <see cref="SecretKey"/>; both empty: the SDK's own chain (workload identity, instance role).
    /// Alias: AWS_ACCESS_KEY_ID.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Alias: AWS_SECRET_ACCESS_KEY.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Goes with keys that are lent for a time. Alias: AWS_SESSION_TOKEN.</summary>
    public string? SessionToken { get; set; }

    internal bool HasKeys => AccessKey is { Length: > 0 } && SecretKey is { Length: > 0 };

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Endpoint is { } endpoint && !IsService(endpoint))
            yield return new ValidationResult("must be an absolute http(s) URL without a path, e.g. https://minio.example.com:9000.",
                [nameof(Endpoint)]);
        if (AccessKey is { Length: > 0 } && !HasKeys)
            yield return new ValidationResult("is not set, though Storage:AccessKey is: set both, or neither to use the machine's own "
                + "identity.", [nameof(SecretKey)]);
        if (SecretKey is { Length: > 0 } && !HasKeys)
            yield return new ValidationResult("is not set, though Storage:SecretKey is: set both, or neither to use the machine's own "
                + "identity.", [nameof(AccessKey)]);
        if (SessionToken is { Length: > 0 } && !HasKeys)
            yield return new ValidationResult("goes with Storage:AccessKey and Storage:SecretKey.", [nameof(SessionToken)]);
        foreach (var (name, value) in new[]
                 { (nameof(AccessKey), AccessKey), (nameof(SecretKey), SecretKey), (nameof(SessionToken), SessionToken) })
        {
            // A line end at a file's end would fail every call instead of the start.
            if (value.AsSpan().ContainsAnyExceptInRange('!', '~'))
                yield return new ValidationResult("may hold visible ASCII only.", [name]);
        }
    }

    // A key in the address would come into logs.
    private static bool IsService(Uri address) => address.IsAbsoluteUri && address.Scheme is "http" or "https"
        && address is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };
}
