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
    /// <summary><c>SHA256:</c> and 43 characters of base64 without padding.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static string OfEd25519(ReadOnlySpan<byte> publicKey32)
    {
        if (publicKey32.Length != Ed25519.PublicKeySize)
        {
            throw new ArgumentException("An Ed25519 public key is 32 bytes.", nameof(publicKey32));
        }

        var type = "ssh-ed25519"u8;
        Span<byte> blob = stackalloc byte[4 + type.Length + 4 + Ed25519.PublicKeySize];
        BinaryPrimitives.WriteInt32BigEndian(blob, type.Length);
        type.CopyTo(blob[4..]);
        BinaryPrimitives.WriteInt32BigEndian(blob[(4 + type.Length)..], Ed25519.PublicKeySize);
        publicKey32.CopyTo(blob[(8 + type.Length)..]);
        Span<byte> hash = stackalloc byte[Digest.Size];
        SHA256.HashData(blob, hash);
        return "SHA256:" + Convert.ToBase64String(hash).TrimEnd('=');
    }
}
