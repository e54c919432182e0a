using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Ledger.Verify.Signing;

/// <summary>
/// ECDSA on P-256 over a SHA-256 digest: what transparency logs accept and sign with. https://www.rfc-editor.org/rfc/rfc5480#section-2
/// </summary>
public static class EcdsaP256
{
    private const int CoordinateSize = 32;

    /// <summary>
    /// SEQUENCE { SEQUENCE { OID ecPublicKey, OID prime256v1 }, BIT STRING 04 ‖ X ‖ Y }, up to X. Compared as bytes: given a key of a curve
    /// it does
    /// not know, or of none, the platform throws whatever it likes.
    /// </summary>
    private static ReadOnlySpan<byte> SpkiPrefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>
    /// Whether the signature is this key's over this digest. Keys of another curve or form, trailing bytes and non-DER signatures are just
    /// false.
    /// </summary>
    /// <param name="spkiDer">DER SubjectPublicKeyInfo with an uncompressed point.</param>
    /// <param name="sha256">The 32-byte digest.</param>
    /// <param name="derSignature">SEQUENCE { INTEGER r, INTEGER s }, in DER.</param>
    public static bool VerifyDigest(ReadOnlySpan<byte> spkiDer, ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> derSignature)
    {
        if (sha256.Length != Digest.Size || !IsKey(spkiDer)) return false;
        var point = spkiDer[SpkiPrefix.Length..];
        try
        {
            if (!IsDerSignature(derSignature)) return false;
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[..CoordinateSize].ToArray(), Y = point[CoordinateSize..].ToArray() },
            });
            return key.VerifyHash(sha256, derSignature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether these are the bytes of a P-256 key; whether its point is on the curve shows when it is used.</summary>
    public static bool IsKey(ReadOnlySpan<byte> spkiDer) =>
        spkiDer.Length == SpkiPrefix.Length + 2 * CoordinateSize && spkiDer.StartsWith(SpkiPrefix);

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
