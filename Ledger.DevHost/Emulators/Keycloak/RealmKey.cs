using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>One RSA-2048 key of a realm with its self-signed certificate, as the JWKS shows it.</summary>
internal sealed class RealmKey : IDisposable
{
    private readonly RSA rsa = RSA.Create();
    private readonly Lock gate = new();
    private readonly Stored stored;

    private RealmKey(Stored stored)
    {
        this.stored = stored;
        rsa.ImportPkcs8PrivateKey(stored.Pkcs8, out _);
    }

    public string Kid => stored.Kid;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey => rsa.ExportSubjectPublicKeyInfo();

    /// <summary>The key of this use, made at the first start.</summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="realm">Name in the certificate.</param>
    /// <param name="time">Its beginning; it lasts ten years.</param>
    public static RealmKey Open(string file, string realm, TimeProvider time)
    {
        var stored = StateFile.Read<Stored>(file);
        if (stored is null)
        {
            using var rsa = RSA.Create(2048);
            var request = new CertificateRequest($"CN={realm}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(time.GetUtcNow().AddSeconds(-100), time.GetUtcNow().AddYears(10));
            stored = new Stored(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), rsa.ExportPkcs8PrivateKey(),
                certificate.RawData);
            StateFile.Write(file, stored);
        }
        return new RealmKey(stored);
    }

    /// <summary>A JWS in compact form, RS256 (RFC 7515).</summary>
    public string Sign(byte[] claims)
    {
        // Keycloak writes its header with these very blanks.
        var header = $"{{\"alg\":\"RS256\",\"typ\" : \"JWT\",\"kid\" : \"{Kid}\"}}";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(claims)}";
        byte[] signature;
        lock (gate)
            signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>RFC 7517 member of <c>keys</c>.</summary>
    public void WriteJwk(Utf8JsonWriter json, string algorithm, string use)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        json.WriteStartObject();
        json.WriteString("kid", Kid);
        json.WriteString("kty", "RSA");
        json.WriteString("alg", algorithm);
        json.WriteString("use", use);
        json.WriteStartArray("x5c");
        json.WriteBase64StringValue(stored.Certificate);
        json.WriteEndArray();
        json.WriteString("x5t", Base64Url.EncodeToString(Sha1(stored.Certificate)));
        json.WriteString("x5t#S256", Base64Url.EncodeToString(SHA256.HashData(stored.Certificate)));
        json.WriteString("n", Base64Url.EncodeToString(numbers.Modulus));
        json.WriteString("e", Base64Url.EncodeToString(numbers.Exponent));
        json.WriteEndObject();
    }

    public void Dispose() => rsa.Dispose();

#pragma warning disable CA5350 // x5t is SHA-1 by its definition (RFC 7517, 4.8); nothing relies on it.
    private static byte[] Sha1(byte[] data) => SHA1.HashData(data);
#pragma warning restore CA5350

    private sealed record Stored(string Kid, byte[] Pkcs8, byte[] Certificate);
}
