using System.Text.Json.Serialization;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Objects;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>An object that comes in parts, before it is complete.</summary>
/// <param name="Id">Unguessable.</param>
/// <param name="Key">Of the object.</param>
/// <param name="Created">When.</param>
/// <param name="Headers">That the object will have.</param>
internal sealed record Upload(string Id, string Key, DateTimeOffset Created, ObjectHeaders Headers)
{
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Name of the checksum that every part must have; null: any or none.</summary>
    public string? Algorithm { get; init; }

    /// <summary>FULL_OBJECT or COMPOSITE; null with no algorithm.</summary>
    public string? ChecksumType { get; init; }

    /// <summary>By number; each has a record of its own.</summary>
    [JsonIgnore]
    public SortedDictionary<int, UploadPart> Parts { get; } = [];
}

/// <summary>A part that has come.</summary>
/// <param name="Number">1 to 10 000.</param>
/// <param name="Content">Name of its file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">MD5 in hex.</param>
/// <param name="Modified">When.</param>
/// <param name="Checksum">If it was sent with one.</param>
internal sealed record UploadPart(int Number, string Content, long Size, string ETag, DateTimeOffset Modified, Checksum? Checksum);
