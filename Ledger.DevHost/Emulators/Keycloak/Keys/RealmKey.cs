using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Keys;

/// <summary>One RSA-2048 key of a realm with its self-signed certificate, as the JWKS and <c>/admin/realms/:realm/keys</c> show
/// it.</summary>
internal sealed class RealmKey : IDisposable
{
    private readonly RSA rsa = RSA.Create();
    private readonly Lock gate = new();
    private readonly string file;
    private Stored stored;

    private RealmKey(string file, string algorithm, Stored stored)
    {
        (this.file, Algorithm, this.stored) = (file, algorithm, stored);
        rsa.ImportPkcs8PrivateKey(stored.Pkcs8, out _);
    }

    public string Kid => stored.Kid;

    /// <summary><c>RS256</c> or <c>RSA-OAEP</c>.</summary>
    public string Algorithm { get; }

    /// <summary><c>sig</c> or <c>enc</c>.</summary>
    public string Use => Algorithm == "RS256" ? "sig" : "enc";

    /// <summary>UUID of the component that provides it.</summary>
    public string ProviderId => stored.ProviderId!;

    /// <summary>Name of the component, e.g. <c>rsa-generated</c>.</summary>
    public string Name => stored.Name!;

    /// <summary>Of the active ones the highest signs.</summary>
    public long Priority => stored.Priority;

    /// <summary>Not active: checks signatures, but makes none.</summary>
    public bool Active => stored.Active;

    /// <summary>Not enabled: not in the JWKS; its signatures are no good.</summary>
    public bool Enabled => stored.Enabled;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey => rsa.ExportSubjectPublicKeyInfo();

    /// <summary>DER certificate.</summary>
    public byte[] Certificate => stored.Certificate;

    /// <summary>End of the certificate.</summary>
    public DateTimeOffset ValidTo
    {
        get
        {
            using var certificate = X509CertificateLoader.LoadCertificate(stored.Certificate);
            return certificate.NotAfter;
        }
    }

    /// <summary>The key of this file, made when it is not there.</summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="algorithm"><see cref="Algorithm"/>.</param>
    /// <param name="realm">Name in the certificate.</param>
    /// <param name="now">Beginning of the certificate; it lasts ten years.</param>
    /// <param name="name"><see cref="Name"/> of a new one.</param>
    /// <param name="priority"><see cref="Priority"/> of a new one.</param>
    public static RealmKey Open(string file, string algorithm, string realm, DateTimeOffset now, string name, long priority)
    {
        var stored = StateFile.Read<Stored>(file);
        if (stored is null)
        {
            using var rsa = RSA.Create(2048);
            var request = new CertificateRequest($"CN={realm}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(now.AddSeconds(-100), now.AddYears(10));
            stored = new Stored(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), rsa.ExportPkcs8PrivateKey(),
                certificate.RawData, NewId.Uuid(), name, priority);
            StateFile.Write(file, stored);
        }
        else if (stored.ProviderId is null) // of a folder older than rotation
        {
            stored = stored with { ProviderId = NewId.Uuid(), Name = name, Priority = priority };
            StateFile.Write(file, stored);
        }
        return new RealmKey(file, algorithm, stored);
    }

    /// <summary>Another name, priority or state, kept as the key is.</summary>
    public void Change(string name, long priority, bool active, bool enabled)
    {
        stored = stored with { Name = name, Priority = priority, Active = active, Enabled = enabled };
        StateFile.Write(file, stored);
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

    /// <summary>Whether this key made the signature.</summary>
    public bool Verify(byte[] signed, byte[] signature)
    {
        lock (gate)
            return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>RFC 7517 member of <c>keys</c>.</summary>
    public void WriteJwk(Utf8JsonWriter json)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        json.WriteStartObject();
        json.WriteString("kid", Kid);
        json.WriteString("kty", "RSA");
        json.WriteString("alg", Algorithm);
        json.WriteString("use", Use);
        json.WriteStartArray("x5c");
        json.WriteBase64StringValue(stored.Certificate);
        json.WriteEndArray();
        json.WriteString("x5t", Base64Url.EncodeToString(Sha1(stored.Certificate)));
        json.WriteString("x5t#S256", Base64Url.EncodeToString(SHA256.HashData(stored.Certificate)));
        json.WriteString("n", Base64Url.EncodeToString(numbers.Modulus));
        json.WriteString("e", Base64Url.EncodeToString(numbers.Exponent));
        json.WriteEndObject();
    }

    /// <summary>Forgets the key and its file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(file);
    }

    public void Dispose() => rsa.Dispose();

#pragma warning disable CA5350 // x5t is SHA-1 by its definition (RFC 7517, 4.8); nothing relies on it.
    private static byte[] Sha1(byte[] data) => SHA1.HashData(data);
#pragma warning restore CA5350

    private sealed record Stored(
        string Kid, byte[] Pkcs8, byte[] Certificate, string? ProviderId = null, string? Name = null, long Priority = 100,
        bool Active = true, bool Enabled = true);
}
