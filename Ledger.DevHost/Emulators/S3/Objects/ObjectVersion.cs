using System.Text.Json.Serialization;
using Ledger.DevHost.Emulators.S3.Checksums;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>One version of an object, or the marker of its deletion, as its record keeps it.</summary>
internal sealed record ObjectVersion
{
    /// <summary>The id of what is written where versions are not kept; there is one such per key.</summary>
    public const string NullId = "null";

    /// <summary>A UUID, or <see cref="NullId"/>.</summary>
    public string Id { get; init; } = NullId;

    public required DateTimeOffset Modified { get; init; }

    public bool DeleteMarker { get; init; }

    /// <summary>Name of the file with its bytes; null: a delete marker.</summary>
    public string? Content { get; init; }

    public long Size { get; init; }

    /// <summary>Without quotes: MD5 in hex, or of the parts' MD5 with <c>-N</c>.</summary>
    public string ETag { get; init; } = "";

    /// <summary>STANDARD or REDUCED_REDUNDANCY.</summary>
    public string StorageClass { get; init; } = "STANDARD";

    public ObjectHeaders Headers { get; init; } = ObjectHeaders.None;

    public Checksum? Checksum { get; init; }

    /// <summary>Empty: it was put whole.</summary>
    public IReadOnlyList<ObjectPart> Parts { get; init; } = [];

    [JsonIgnore]
    public bool IsNull => Id == NullId;

    /// <summary>A client's <c>"…"</c>, with or without quotes, or <c>*</c>.</summary>
    public bool HasTag(string tag) => tag.Trim() == "*" || tag.Trim().Trim('"') == ETag;
}

/// <summary>One part of an object that was uploaded in several.</summary>
/// <param name="Number">1 to 10 000.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Checksum">If it was sent with one.</param>
internal sealed record ObjectPart(int Number, long Size, Checksum? Checksum);
