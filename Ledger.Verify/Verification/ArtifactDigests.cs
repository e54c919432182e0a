using System.Security.Cryptography;

namespace Ledger.Verify.Verification;

/// <summary>An artifact as far as verification needs it: a statement may name it by any of these.</summary>
/// <param name="Sha256">SHA-256.</param>
/// <param name="Sha384">48 bytes.</param>
/// <param name="Sha512">64 bytes.</param>
public sealed record ArtifactDigests(Digest Sha256, byte[] Sha384, byte[] Sha512)
{
    /// <summary>Of an artifact in memory.</summary>
    public static ArtifactDigests Of(ReadOnlySpan<byte> artifact) =>
        new(Digest.Sha256(artifact), SHA384.HashData(artifact), SHA512.HashData(artifact));

    /// <summary>Reads the stream to its end, once, and keeps none of it.</summary>
    public static ArtifactDigests Of(Stream artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sha384 = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);
        using var sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[64 * 1024];
        while (artifact.Read(buffer) is > 0 and var read)
        {
            foreach (var hash in new[] { sha256, sha384, sha512 }) hash.AppendData(buffer.AsSpan(0, read));
        }

        return new ArtifactDigests(new Digest(sha256.GetHashAndReset()), sha384.GetHashAndReset(), sha512.GetHashAndReset());
    }
}
