using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A timestamping authority that can be made to say anything. https://www.rfc-editor.org/rfc/rfc3161</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly Oid TimeStamping = new("1.3.6.1.5.5.7.3.8");
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 leaf;

    public TestAuthority(string name)
    {
        var ca = new CertificateRequest($"CN={name} root", rootKey, HashAlgorithmName.SHA256);
        ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        ca.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = ca.CreateSelfSigned(From, From.AddYears(20));
        var request = new CertificateRequest($"CN={name}", leafKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([TimeStamping], critical: true));
        using var signed = request.Create(root, From, From.AddYears(20), [1, 2, 3]);
        leaf = signed.CopyWithPrivateKey(leafKey);
    }

    public string Chain => leaf.ExportCertificatePem() + "\n" + root.ExportCertificatePem() + "\n";

    /// <summary>The leaf's private key, for openssl.</summary>
    public string KeyPem => leafKey.ExportPkcs8PrivateKeyPem() + "\n";

    public string LeafPem => leaf.ExportCertificatePem() + "\n";

    /// <summary>A TimeStampResp to a query.</summary>
    /// <param name="query">As it was posted.</param>
    /// <param name="status">0 is granted.</param>
    /// <param name="nonce">Instead of the query's.</param>
    /// <param name="imprint">Instead of the query's.</param>
    public byte[] Answer(byte[] query, int status = 0, byte[]? nonce = null, byte[]? imprint = null)
    {
        if (!Rfc3161TimestampRequest.TryDecode(query, out var asked, out _)) throw new ArgumentException("not a query", nameof(query));
        var answer = new AsnWriter(AsnEncodingRules.DER);
        using (answer.PushSequence())
        {
            using (answer.PushSequence()) answer.WriteInteger(status);
            var info = Info(imprint ?? asked.GetMessageHash().ToArray(), nonce ?? asked.GetNonce()!.Value.ToArray());
            if (status < 2) answer.WriteEncodedValue(Token(info));
        }
        return answer.Encode();
    }

    public void Dispose()
    {
        root.Dispose();
        leaf.Dispose();
        rootKey.Dispose();
        leafKey.Dispose();
    }

    // TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, nonce }
    private static byte[] Info(byte[] imprint, byte[] nonce)
    {
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteInteger(1);
            info.WriteObjectIdentifier("1.2.3.4.1");
            using (info.PushSequence())
            {
                using (info.PushSequence()) info.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
                info.WriteOctetString(imprint);
            }
            info.WriteInteger(7);
            info.WriteGeneralizedTime(From.AddYears(6), omitFractionalSeconds: true);
            info.WriteInteger(new BigInteger(nonce, isUnsigned: false, isBigEndian: true));
        }
        return info.Encode();
    }

    private byte[] Token(byte[] info)
    {
        var cms = new SignedCms(new ContentInfo(new Oid("1.2.840.113549.1.9.16.1.4"), info));
        var signer = new CmsSigner(leaf)
        {
            DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        var certificate = new AsnWriter(AsnEncodingRules.DER);
        using (certificate.PushSequence())
        using (certificate.PushSequence())
        using (certificate.PushSequence()) certificate.WriteOctetString(SHA256.HashData(leaf.RawData));
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.16.2.47"), certificate.Encode()));
        cms.ComputeSignature(signer);
        return cms.Encode();
    }
}
