using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// Keys of logs that cosign can use and this verifier cannot: one that is none makes a trusted root malformed there, and so here.
/// https://www.rfc-editor.org/rfc/rfc3279#section-2.3 https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1
/// </summary>
// Example: SEQUENCE { SEQUENCE { OID ecPublicKey, OID secp384r1 }, BIT STRING 04 ‖ X ‖ Y }.
internal static class OtherLogKeys
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <summary>The curves by their OIDs, each with the bytes of a coordinate. The platform is asked about no other.</summary>
    private static readonly Dictionary<string, int> Curves = new()
    {
        ["1.3.132.0.33"] = 28, ["1.2.840.10045.3.1.7"] = 32, ["1.3.132.0.34"] = 48, ["1.3.132.0.35"] = 66,
    };

    /// <summary>Whether the DER is a SubjectPublicKeyInfo of a point on one of NIST's curves.</summary>
    public static bool IsEcdsa(byte[] spki)
    {
        try
        {
            if (!TryRead(spki, EcPublicKey, out var parameters, out var point)) return false;
            var curve = parameters.ReadObjectIdentifier();
            parameters.ThrowIfNotEmpty();
            if (!Curves.TryGetValue(curve, out var bytes) || point.Length != 1 + 2 * bytes || point[0] != 4) return false;
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spki, out _);
            return true;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether the DER is a SubjectPublicKeyInfo of an RSA key.</summary>
    public static bool IsRsa(byte[] spki)
    {
        try
        {
            if (!TryRead(spki, RsaEncryption, out var parameters, out var key)) return false;
            parameters.ReadNull();
            parameters.ThrowIfNotEmpty();
            return IsBareRsa(key);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Whether the DER is an RSAPublicKey: SEQUENCE { INTEGER modulus, INTEGER exponent }.</summary>
    public static bool IsBareRsa(byte[] der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var key = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var (modulus, exponent) = (key.ReadInteger(), key.ReadInteger());
            key.ThrowIfNotEmpty();
            return modulus.Sign > 0 && exponent.Sign > 0 && exponent <= long.MaxValue;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool TryRead(byte[] spki, string algorithm, out AsnReader parameters, out byte[] key)
    {
        var reader = new AsnReader(spki, AsnEncodingRules.DER);
        var info = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        parameters = info.ReadSequence();
        var isIt = parameters.ReadObjectIdentifier() == algorithm;
        key = info.ReadBitString(out var unused);
        info.ThrowIfNotEmpty();
        return isIt && unused == 0;
    }
}
