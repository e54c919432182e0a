using System.Text.Json.Serialization;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>What is kept of a bucket beside its objects.</summary>
/// <param name="Name">Of the bucket, and of its folder.</param>
/// <param name="Created">When.</param>
internal sealed record BucketSettings(string Name, DateTimeOffset Created)
{
    public Versioning Versioning { get; init; }

    /// <summary>Made with object lock: its versioning stays. Retention itself is not offered, so nothing is ever under it.</summary>
    public bool ObjectLock { get; init; }
}

/// <summary>Whether a bucket keeps what is overwritten or deleted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Versioning>))]
internal enum Versioning
{
    /// <summary>It never did.</summary>
    Never,
    Enabled,

    /// <summary>It did: those versions stay, and new ones are the key's <c>null</c> one.</summary>
    Suspended,
}
