using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>What a transparency log's public key verifies: ECDSA P-256 over SHA-256, or Ed25519.</summary>
public static class LogKey
{
    /// <summary>Whether this verifier knows such keys: DER SubjectPublicKeyInfo of a P-256 point on the curve, or of Ed25519.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> spki)
    {
        if (Spki.TryReadEd25519(spki, out _)) return true;
        if (!EcdsaP256.IsKey(spki)) return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spki, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>
    /// The id of a log: SHA-256(DER SPKI) where the key is ECDSA; SHA-256(origin ‖ LF ‖ 0x01 ‖ raw key) where it is Ed25519.
    /// </summary>
    /// <exception cref="ArgumentException">Neither kind of key.</exception>
    public static Digest IdOf(string origin, ReadOnlySpan<byte> spki)
    {
        if (EcdsaP256.IsKey(spki)) return Digest.Sha256(spki);
        if (!Spki.TryReadEd25519(spki, out var raw)) throw new ArgumentException("A log's key is ECDSA P-256 or Ed25519.", nameof(spki));
        return Digest.Sha256([.. Encoding.UTF8.GetBytes(origin), (byte)'\n', 0x01, .. raw]);
    }

    /// <summary>Whether the signature is this key's over the message; false for keys of any other kind.</summary>
    public static bool Verify(ReadOnlySpan<byte> spki, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (Spki.TryReadEd25519(spki, out var raw)) return Ed25519.Verify(raw, message, signature);
        Span<byte> hash = stackalloc byte[Digest.Size];
        SHA256.HashData(message, hash);
        return EcdsaP256.VerifyDigest(spki, hash, signature);
    }
}
