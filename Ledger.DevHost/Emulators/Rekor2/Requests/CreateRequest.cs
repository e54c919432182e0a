using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor2.Requests;

/// <summary>What is submitted: a signature over a digest, by a key or by the key in a certificate.</summary>
internal sealed record CreateRequest(KeyDetails Details, byte[] Digest, byte[] Signature, byte[] Verifier, bool IsCertificate)
{
    /// <summary>Null: something is missing, or does not fit together. The real server says no more than that.</summary>
    public static CreateRequest? Of(IReadOnlyDictionary<string, object> hashedRekord)
    {
        var signature = Child(hashedRekord, "signature");
        var verifier = Child(signature, "verifier");
        var key = Child(verifier, "publicKey");
        var certificate = Child(verifier, "x509Certificate");
        return verifier?.GetValueOrDefault("keyDetails") is KeyDetails details
            && Bytes(hashedRekord, "digest") is { } digest
            && Bytes(signature, "content") is { } content
            && (Bytes(key, "rawBytes") ?? Bytes(certificate, "rawBytes")) is { } raw
                ? new CreateRequest(details, digest, content, raw, certificate is not null)
                : null;
    }

    /// <summary>Null: not a key.</summary>
    public SubjectKey? Key() => SubjectKey.TryRead(IsCertificate ? SpkiOf(Verifier) : Verifier);

    /// <summary>The canonical body, or null: a signature that does not verify, a key that is not what its details say.</summary>
    public byte[]? Canonical(SubjectKey key) =>
        Details.Fits(key) && Digest.Length == Details.DigestBytes && key.VerifyDigest(Digest, Signature, Details.HashName)
            ? CanonicalBody.Of(Details, Digest, Signature, Verifier, IsCertificate)
            : null;

    private static byte[] SpkiOf(byte[] certificate)
    {
        try
        {
            using var parsed = X509CertificateLoader.LoadCertificate(certificate);
            return parsed.PublicKey.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    private static IReadOnlyDictionary<string, object>? Child(IReadOnlyDictionary<string, object>? parent, string name) =>
        parent?.GetValueOrDefault(name) as IReadOnlyDictionary<string, object>;

    private static byte[]? Bytes(IReadOnlyDictionary<string, object>? parent, string name) =>
        parent?.GetValueOrDefault(name) is byte[] { Length: > 0 } bytes ? bytes : null;
}
