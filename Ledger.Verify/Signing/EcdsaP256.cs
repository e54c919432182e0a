using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Ledger.Verify.Signing;

/// <summary>ECDSA on P-256 over a SHA-256 digest: what transparency logs accept and sign with.</summary>
public static class EcdsaP256
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Whether the signature is this key's over this digest. Keys of another curve, trailing bytes and non-DER signatures are just false.</summary>
    /// <param name="spkiDer">DER SubjectPublicKeyInfo.</param>
    /// <param name="sha256">The 32-byte digest.</param>
    /// <param name="derSignature">SEQUENCE { INTEGER r, INTEGER s }, in DER.</param>
    public static bool VerifyDigest(ReadOnlySpan<byte> spkiDer, ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> derSignature)
    {
        if (sha256.Length != Digest.Size) return false;
        try
        {
            if (!IsDerSignature(derSignature)) return false;
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spkiDer, out var read);
            if (read != spkiDer.Length || key.ExportParameters(false).Curve.Oid?.Value != P256) return false;
            return key.VerifyHash(sha256, derSignature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static bool IsDerSignature(ReadOnlySpan<byte> signature)
    {
        // Read by DER's rules, so one pair of integers has one encoding.
        AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out var at, out var length, out var consumed);
        if (consumed != signature.Length) return false;
        var content = signature.Slice(at, length);
        AsnDecoder.ReadIntegerBytes(content, AsnEncodingRules.DER, out var first);
        AsnDecoder.ReadIntegerBytes(content[first..], AsnEncodingRules.DER, out var second);
        return first + second == length;
    }
}
