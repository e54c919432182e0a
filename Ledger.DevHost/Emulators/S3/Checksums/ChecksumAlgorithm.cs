using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>One of the checksums that S3 knows.</summary>
/// <param name="Name">In x-amz-checksum-algorithm and after <c>Checksum</c> in XML.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Start">Begins one.</param>
internal sealed record ChecksumAlgorithm(string Name, int Size, Func<IRunningChecksum> Start)
{
    public const string Prefix = "x-amz-checksum-";

    public static readonly IReadOnlyList<ChecksumAlgorithm> All =
    [
        new("CRC32", 4, () => new Crc(Crc.Crc32, 4)),
        new("CRC32C", 4, () => new Crc(Crc.Crc32C, 4)),
        new("CRC64NVME", 8, () => new Crc(Crc.Crc64Nvme, 8)),
        new("SHA1", 20, () => new Digest(HashAlgorithmName.SHA1)),
        new("SHA256", 32, () => new Digest(HashAlgorithmName.SHA256)),
    ];

    public static readonly ChecksumAlgorithm Crc64Nvme = All[2];

    /// <summary>X-Amz-Checksum-Sha256.</summary>
    public string HeaderName => "X-Amz-Checksum-" + Name[..1] + Name[1..].ToLowerInvariant();

    /// <summary>ChecksumSHA256.</summary>
    public string ElementName => "Checksum" + Name;

    /// <summary>Whether the checksum of a whole can be made of those of its parts: not so of a hash.</summary>
    public bool IsLinear => Name.StartsWith("CRC", StringComparison.Ordinal);

    /// <summary>What an upload gets that does not say.</summary>
    public string DefaultType => this == Crc64Nvme ? Checksum.FullObject : Checksum.Composite;

    /// <summary>Null: there is none of that name, in whatever case.</summary>
    public static ChecksumAlgorithm? Find(string? name)
        => All.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The base64 of so many bytes as this has.</summary>
    public bool IsValue(string text)
    {
        var bytes = new byte[Size + 3];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == Size;
    }
}
