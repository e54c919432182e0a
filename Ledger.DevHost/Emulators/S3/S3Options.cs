namespace Ledger.DevHost.Emulators.S3;

/// <summary>Who may call the object store, and where it says it stands.</summary>
public sealed record S3Options
{
    /// <summary>Access key id of the one user there is, e.g. <c>ledger</c>: 3 characters or more, none of them <c>/</c>, <c>,</c>,
    /// <c>=</c> or a space.</summary>
    public required string AccessKey { get; init; }

    /// <summary>Its secret: 8 characters or more.</summary>
    public required string SecretKey { get; init; }

    /// <summary>The region that signatures must be of, e.g. <c>eu-west-3</c>; null: any, and buckets say <c>us-east-1</c>'s empty
    /// one.</summary>
    public string? Region { get; init; }
}
