using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators;

/// <summary>Somebody with an ECDSA P-256 key who submits to logs.</summary>
internal sealed class Submitter : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Pem => key.ExportSubjectPublicKeyInfoPem() + "\n";

    public byte[] Spki => key.ExportSubjectPublicKeyInfo();

    public byte[] Sign(string artifact) =>
        key.SignData(Encoding.UTF8.GetBytes(artifact), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>A request of Rekor v1.</summary>
    public string HashedRekord1(string artifact) => HashedRekord1(artifact, Sign(artifact));

    public string HashedRekord1(string artifact, byte[] signature) => JsonSerializer.Serialize(new
    {
        apiVersion = "0.0.1",
        kind = "hashedrekord",
        spec = new
        {
            data = new { hash = new { algorithm = "sha256", value = Convert.ToHexStringLower(Digest(artifact)) } },
            signature = new { content = signature, publicKey = new { content = Encoding.ASCII.GetBytes(Pem) } },
        },
    });

    /// <summary>A request of Rekor v2.</summary>
    public string HashedRekord2(string artifact) => HashedRekord2(artifact, Sign(artifact));

    public string HashedRekord2(string artifact, byte[] signature) => JsonSerializer.Serialize(new
    {
        hashedRekordRequestV002 = new
        {
            digest = Digest(artifact),
            signature = new
            {
                content = signature,
                verifier = new { publicKey = new { rawBytes = Spki }, keyDetails = "PKIX_ECDSA_P256_SHA_256" },
            },
        },
    });

    public static byte[] Digest(string artifact) => SHA256.HashData(Encoding.UTF8.GetBytes(artifact));

    public void Dispose() => key.Dispose();
}
