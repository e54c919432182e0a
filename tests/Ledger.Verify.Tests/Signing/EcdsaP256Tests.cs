using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Signing;

public class EcdsaP256Tests
{
    // DSSE's published vector: key, payload type, body and signature (r and s, 32 bytes each).
    private static readonly byte[] DsseKey = Spki(
        "46950820868899156662930047687818585632848591499744589407958293238635476079160",
        "5640078356564379163099075877009565129882514886557779369047442380624545832820");

    private static readonly byte[] DsseSignature = Convert.FromBase64String(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");

    private static readonly byte[] DsseDigest = Digest.Sha256(Dsse.Pae("http://example.com/HelloWorld", "hello world"u8)).ToArray();

    [Fact]
    public void Dsses_published_signature_verifies_over_our_pae() =>
        Assert.True(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, Der(DsseSignature)));

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        var signature = Der(DsseSignature);
        for (var bit = 0; bit < 8 * signature.Length; bit++)
        {
            Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, Flipped(signature, bit)));
        }

        for (var bit = 0; bit < 256; bit++) Assert.False(EcdsaP256.VerifyDigest(DsseKey, Flipped(DsseDigest, bit), signature));
        for (var bit = 0; bit < 8 * DsseKey.Length; bit++)
        {
            Assert.False(EcdsaP256.VerifyDigest(Flipped(DsseKey, bit), DsseDigest, signature));
        }
    }

    [Fact]
    public void Anything_but_der_is_refused()
    {
        var signature = Der(DsseSignature);
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, DsseSignature));
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, [.. signature, 0]));
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, signature.AsSpan(0, signature.Length - 1)));
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, []));

        // BER's longer way to say the same length.
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, [0x30, 0x81, signature[1], .. signature[2..]]));

        // A third integer.
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, DsseDigest, [0x30, (byte)(signature[1] + 3), .. signature[2..], 0x02, 0x01, 0x01]));
    }

    [Fact]
    public void Keys_with_trailing_bytes_and_of_other_curves_are_refused()
    {
        Assert.False(EcdsaP256.VerifyDigest([.. DsseKey, 0], DsseDigest, Der(DsseSignature)));
        foreach (var curve in new[] { ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
        {
            using var key = ECDsa.Create(curve);
            var signature = key.SignHash(DsseDigest, DSASignatureFormat.Rfc3279DerSequence);
            Assert.False(EcdsaP256.VerifyDigest(key.ExportSubjectPublicKeyInfo(), DsseDigest, signature));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_digest_of_another_length_is_refused(int length) =>
        Assert.False(EcdsaP256.VerifyDigest(DsseKey, new byte[length], Der(DsseSignature)));

    private static byte[] Spki(string x, string y)
    {
        static byte[] Coordinate(string value) =>
            BigInteger.Parse(value, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
        static byte[] Padded(byte[] bytes) => [.. new byte[32 - bytes.Length], .. bytes];
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Padded(Coordinate(x)), Y = Padded(Coordinate(y)) },
        });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] Der(byte[] rs)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(rs.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(rs.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
