using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>Whole Sigstore bundles over a <see cref="VirtualLog"/>, as Rekor and cosign would have made them.</summary>
public static class VirtualAnchor
{
    /// <summary>A hashedrekord over the data, and the bundle that shows it.</summary>
    /// <param name="log">Where it is logged.</param>
    /// <param name="signer">The anchor key.</param>
    /// <param name="data">What is signed, such as a checkpoint's body.</param>
    /// <param name="tsa">Stamps the signature; null for a bundle without timestamp.</param>
    public static SigstoreBundle Of(VirtualLog log, VirtualSigner signer, byte[] data, VirtualTsa? tsa = null)
    {
        var (digest, signature) = (Digest.Sha256(data), signer.Sign(data));
        var index = log.Add(log.IsV1
            ? LogBody.HashedRekordV1(digest, signature, signer.Pem)
            : LogBody.HashedRekordV2(digest, signature, signer.Spki));
        return new SigstoreBundle(
            signer.Hint, new BundledSignature(digest, signature), null, [log.Entry(index)], tsa is null ? [] : [tsa.Stamp(signature)]);
    }

    /// <summary>The envelope over an in-toto statement, by an ECDSA key: as dsse on v1, as hashedrekord over SHA-256(PAE) on v2.</summary>
    public static SigstoreBundle OfStatement(VirtualLog log, VirtualSigner signer, byte[] statement, string keyId = "")
    {
        var pae = Dsse.Pae(Dsse.InTotoPayloadType, statement);
        var signature = signer.Sign(pae);
        var index = log.Add(log.IsV1
            ? LogBody.DsseV1(Digest.Sha256("the envelope as posted"u8), Digest.Sha256(statement), [(signature, signer.Pem)])
            : LogBody.HashedRekordV2(Digest.Sha256(pae), signature, signer.Spki));
        return Bundle(log, index, signer.Hint, statement, signature, keyId);
    }

    /// <summary>The same by an Ed25519 key, as dsse on v1.</summary>
    public static SigstoreBundle OfStatement(VirtualLog log, byte[] seed, byte[] statement, string keyId = "")
    {
        var spki = Spki.OfEd25519(Ed25519.PublicKeyOf(seed));
        var signature = Ed25519.Sign(seed, Dsse.Pae(Dsse.InTotoPayloadType, statement));
        var body = LogBody.DsseV1(Digest.Sha256("the envelope as posted"u8), Digest.Sha256(statement), [(signature, Spki.ToPem(spki))]);
        return Bundle(log, log.Add(body), Convert.ToBase64String(SHA256.HashData(spki)), statement, signature, keyId);
    }

    /// <summary>An in-toto statement about data of that SHA-256.</summary>
    public static byte[] Statement(Digest subject) => Encoding.UTF8.GetBytes(
        $$$"""
        {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"{{{subject.ToHex()}}}"}}],
        "predicateType":"https://example.com/virtual/v1","predicate":{}}
        """);

    private static SigstoreBundle Bundle(VirtualLog log, int index, string hint, byte[] statement, byte[] signature, string keyId) => new(
        hint, null, new BundledEnvelope(statement, Dsse.InTotoPayloadType, [new(keyId, signature)]), [log.Entry(index)], []);
}
