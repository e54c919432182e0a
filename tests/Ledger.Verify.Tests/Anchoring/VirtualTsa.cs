using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>
/// A timestamp authority in memory with a root and one signing certificate, valid 2024-2034. What it makes can be made wrong by options.
/// (tests/Ledger.Verify.Tests/Anchoring/VirtualTsa.cs)
/// </summary>
public sealed class VirtualTsa
{
    /// <summary>The time stamped where a test names none: 2026-11-21T21:00:00Z.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 21, 0, 0, TimeSpan.Zero);

    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private const string TstInfoType = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string Sha256Oid = "2.16.840.1.101.3.4.2.1";

    private static readonly DateTimeOffset From = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2034, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _leaf;
    private readonly X509Certificate2 _root;

    /// <param name="name">Makes the keys and the names in the certificates.</param>
    /// <param name="purpose">The OID of the signing certificate's extended key usage.</param>
    /// <param name="critical">Whether that is marked critical.</param>
    public VirtualTsa(string name = "tsa", string purpose = TimeStamping, bool critical = true)
    {
        var (rootKey, leafKey) = (new VirtualSigner("tsa root " + name), new VirtualSigner("tsa " + name));
        var rootRequest = new CertificateRequest($"O=virtual, CN={name} root", rootKey.Key, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        rootRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(rootRequest.PublicKey, critical: false));
        _root = rootRequest.CreateSelfSigned(From, To);
        var request = new CertificateRequest($"O=virtual, CN={name}", leafKey.Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical));
        using var issued = request.Create(_root, From, To, [1, 2, 3, 4]);
        _leaf = issued.CopyWithPrivateKey(leafKey.Key);
        Trusted = new TrustedTimestampAuthority($"https://{name}.virtual.test", [_leaf.RawData, _root.RawData], From, null);
    }

    /// <summary>As a trusted root names it.</summary>
    public TrustedTimestampAuthority Trusted { get; }

    /// <summary>A granted TimeStampResp over SHA-256 of the data, with the certificates in it.</summary>
    /// <param name="data">What is stamped.</param>
    /// <param name="time">Null for <see cref="Noon"/>.</param>
    /// <param name="withCertificates">Whether the signing certificate is in the token.</param>
    /// <param name="namesCertificate">Whether the signed attributes name the signing certificate, as RFC 3161 asks.</param>
    public byte[] Stamp(
        ReadOnlySpan<byte> data, DateTimeOffset? time = null, bool withCertificates = true, bool namesCertificate = true)
    {
        var cms = new SignedCms(new ContentInfo(new Oid(TstInfoType), TstInfo(SHA256.HashData(data), time ?? Noon)));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, _leaf)
        {
            DigestAlgorithm = new Oid(Sha256Oid),
            IncludeOption = withCertificates ? X509IncludeOption.EndCertOnly : X509IncludeOption.None,
        };
        if (namesCertificate) signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), CertificateId(_leaf)));
        cms.ComputeSignature(signer);
        return Response(0, cms.Encode());
    }

    /// <summary>A TimeStampResp of that status.</summary>
    public static byte[] Response(int status, byte[] token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence()) writer.WriteInteger(status);
            writer.WriteEncodedValue(token);
        }

        return writer.Encode();
    }

    private static byte[] TstInfo(byte[] imprint, DateTimeOffset time)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteObjectIdentifier("1.3.6.1.4.1.57264.2");
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Sha256Oid);
                    writer.WriteNull();
                }

                writer.WriteOctetString(imprint);
            }

            writer.WriteInteger(1);
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }

        return writer.Encode();
    }

    /// <summary>SigningCertificateV2 { { { OCTET STRING SHA-256 of the certificate } } }: the default hash is not named.</summary>
    private static byte[] CertificateId(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        }

        return writer.Encode();
    }
}
