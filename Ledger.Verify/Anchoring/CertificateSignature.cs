using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Verify.Anchoring;

/// <summary>The signature on a certificate. https://www.rfc-editor.org/rfc/rfc5280#section-4.1</summary>
// Example: SEQUENCE { tbsCertificate SEQUENCE { … }, SEQUENCE { OID 1.2.840.10045.4.3.2 }, BIT STRING of the DER ECDSA signature }
internal static class CertificateSignature
{
    /// <summary>Whether it is by the issuer's key: ECDSA, or RSA PKCS #1, over SHA-256, SHA-384 or SHA-512.</summary>
    public static bool IsBy(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        try
        {
            var parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            var signed = parts.ReadEncodedValue().Span;
            var algorithm = parts.ReadSequence().ReadObjectIdentifier();
            var signature = parts.ReadBitString(out _);
            parts.ThrowIfNotEmpty();
            return algorithm switch
            {
                "1.2.840.10045.4.3.2" => Ecdsa(issuer, signed, signature, HashAlgorithmName.SHA256),
                "1.2.840.10045.4.3.3" => Ecdsa(issuer, signed, signature, HashAlgorithmName.SHA384),
                "1.2.840.10045.4.3.4" => Ecdsa(issuer, signed, signature, HashAlgorithmName.SHA512),
                "1.2.840.113549.1.1.11" => Rsa(issuer, signed, signature, HashAlgorithmName.SHA256),
                "1.2.840.113549.1.1.12" => Rsa(issuer, signed, signature, HashAlgorithmName.SHA384),
                "1.2.840.113549.1.1.13" => Rsa(issuer, signed, signature, HashAlgorithmName.SHA512),
                _ => false,
            };
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return false;
        }
    }

    private static bool Ecdsa(X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using var key = issuer.GetECDsaPublicKey();
        return key is not null && key.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool Rsa(X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using var key = issuer.GetRSAPublicKey();
        return key is not null && key.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);
    }
}
