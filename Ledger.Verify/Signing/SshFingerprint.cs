using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ledger.Verify.Signing;

/// <summary>
/// A key's SSH fingerprint, the key id of entry keys: cosign refuses any other non-empty keyid.
/// https://www.rfc-editor.org/rfc/rfc8709#section-4
/// </summary>
// Example: SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8 is RFC 8032's first test key, as `ssh-keygen -lf key.pub` prints it.
public static class SshFingerprint
{
    private const int PointSize = 65;

    /// <summary><c>SHA256:</c> and 43 characters of base64 without padding.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static string OfEd25519(ReadOnlySpan<byte> publicKey32)
    {
        if (publicKey32.Length != Ed25519.PublicKeySize)
        {
            throw new ArgumentException("An Ed25519 public key is 32 bytes.", nameof(publicKey32));
        }

        return Of("ssh-ed25519"u8, publicKey32);
    }

    /// <summary>The same for an ECDSA P-256 key: type, curve and uncompressed point.
    /// https://www.rfc-editor.org/rfc/rfc5656#section-3.1</summary>
    /// <exception cref="ArgumentException">Not the DER SubjectPublicKeyInfo of a P-256 key.</exception>
    public static string OfEcdsaP256(ReadOnlySpan<byte> spkiDer)
    {
        if (!EcdsaP256.IsKey(spkiDer)) throw new ArgumentException("Not an ECDSA P-256 key.", nameof(spkiDer));
        return Of("ecdsa-sha2-nistp256"u8, "nistp256"u8, spkiDer[^PointSize..]);
    }

    private static string Of(ReadOnlySpan<byte> type, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        Span<byte> blob = stackalloc byte[128];
        var length = Field(blob, 0, type);
        length = Field(blob, length, second);
        if (!third.IsEmpty) length = Field(blob, length, third);
        Span<byte> hash = stackalloc byte[Digest.Size];
        SHA256.HashData(blob[..length], hash);
        return "SHA256:" + Convert.ToBase64String(hash).TrimEnd('=');
    }

    private static int Field(Span<byte> blob, int at, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32BigEndian(blob[at..], value.Length);
        value.CopyTo(blob[(at + 4)..]);
        return at + 4 + value.Length;
    }
}
