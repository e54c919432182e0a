using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>An ECDSA P-256 key that is a function of its name. Its signatures are fresh each time, as ECDSA's are.</summary>
public sealed class VirtualSigner
{
    public VirtualSigner(string name)
    {
        // A hash is below the curve's order but for one in 2^32; the names used in tests are below.
        var scalar = SHA256.HashData(Encoding.UTF8.GetBytes("virtual signer " + name));
        Key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        Spki = Key.ExportSubjectPublicKeyInfo();
    }

    public ECDsa Key { get; }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] Spki { get; }

    public string Pem => Verify.Signing.Spki.ToPem(Spki);

    /// <summary>What Sigstore puts into a bundle's hint: base64 of SHA-256 of the DER.</summary>
    public string Hint => Convert.ToBase64String(SHA256.HashData(Spki));

    /// <summary>DER ECDSA over SHA-256 of the data.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => Key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
