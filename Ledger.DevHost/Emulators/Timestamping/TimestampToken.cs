using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>
/// TimeStampToken of RFC 3161, 2.4.2: a CMS SignedData over a TSTInfo, with the attributes content type, message digest and
/// signing-certificate-v2 (RFC 5816).
/// </summary>
internal static class TimestampToken
{
    public const string Policy = "2.999.3161"; // of the arc that ISO keeps for examples

    private const string SignedData = "1.2.840.113549.1.7.2", TstInfo = "1.2.840.113549.1.9.16.1.4", Sha256 = "2.16.840.1.101.3.4.2.1",
        EcdsaWithSha256 = "1.2.840.10045.4.3.2", ContentType = "1.2.840.113549.1.9.3", MessageDigest = "1.2.840.113549.1.9.4",
        SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);

    public static byte[] Make(TimestampQuery query, DateTimeOffset at, Authority authority, bool broken)
    {
        var content = Info(query, at);
        var attributes = Attributes(content, authority);
        // Signed as a SET, sent as [0]: only the first byte differs.
        var signature = authority.Sign(broken ? [.. attributes, 0] : attributes);
        return Write(w =>
        {
            using var outer = w.PushSequence();
            w.WriteObjectIdentifier(SignedData);
            using var explicit0 = w.PushSequence(Context0);
            using var data = w.PushSequence();
            w.WriteInteger(3);
            using (w.PushSetOf())
                Algorithm(w, Sha256);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(TstInfo);
                using (w.PushSequence(Context0))
                    w.WriteOctetString(content);
            }
            if (query.WantsCertificates)
            {
                using (w.PushSetOf(Context0))
                {
                    foreach (var certificate in authority.Chain)
                        w.WriteEncodedValue(certificate.RawData);
                }
            }
            using (w.PushSetOf())
                Signer(w, authority, attributes, signature);
        });
    }

    private static byte[] Info(TimestampQuery query, DateTimeOffset at) => Write(w =>
    {
        using var info = w.PushSequence();
        w.WriteInteger(1);
        w.WriteObjectIdentifier(query.Policy ?? Policy);
        using (w.PushSequence())
        {
            Algorithm(w, query.HashOid);
            w.WriteOctetString(query.Imprint);
        }
        w.WriteInteger(new BigInteger(RandomNumberGenerator.GetBytes(16), isUnsigned: true));
        w.WriteGeneralizedTime(at, omitFractionalSeconds: true);
        if (query.Nonce is { } nonce)
            w.WriteInteger(nonce);
    });

    private static byte[] Attributes(byte[] content, Authority authority) => Write(w =>
    {
        using var set = w.PushSetOf();
        Attribute(w, ContentType, () => w.WriteObjectIdentifier(TstInfo));
        Attribute(w, MessageDigest, () => w.WriteOctetString(SHA256.HashData(content)));
        Attribute(w, SigningCertificateV2, () =>
        {
            using var signingCertificate = w.PushSequence();
            using var certificates = w.PushSequence();
            using var id = w.PushSequence(); // SHA-256 is the default algorithm, and left out
            w.WriteOctetString(SHA256.HashData(authority.Leaf.RawData));
        });
    });

    private static void Signer(AsnWriter w, Authority authority, byte[] attributes, byte[] signature)
    {
        using var signer = w.PushSequence();
        w.WriteInteger(1);
        using (w.PushSequence())
        {
            w.WriteEncodedValue(authority.Leaf.IssuerName.RawData);
            w.WriteInteger(authority.Leaf.SerialNumberBytes.Span);
        }
        Algorithm(w, Sha256);
        w.WriteEncodedValue([0xa0, .. attributes.AsSpan(1)]);
        Algorithm(w, EcdsaWithSha256);
        w.WriteOctetString(signature);
    }

    private static void Attribute(AsnWriter w, string oid, Action value)
    {
        using var attribute = w.PushSequence();
        w.WriteObjectIdentifier(oid);
        using var values = w.PushSetOf();
        value();
    }

    private static void Algorithm(AsnWriter w, string oid)
    {
        using var algorithm = w.PushSequence();
        w.WriteObjectIdentifier(oid);
    }

    private static byte[] Write(Action<AsnWriter> write)
    {
        var w = new AsnWriter(AsnEncodingRules.DER);
        write(w);
        return w.Encode();
    }
}
