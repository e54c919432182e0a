using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>A cryptographic hash as a checksum.</summary>
internal sealed class Digest(HashAlgorithmName name) : IRunningChecksum
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(name);

    public void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

    public byte[] Finish() => hash.GetHashAndReset();
}
