using System.Security.Cryptography;
using Ledger.Core.Problems;
using Ledger.Verify;
using Ledger.Verify.Signing;

namespace Ledger.Core.Attestations;

/// <summary>A public key that a tenant accepts attestations by.</summary>
/// <param name="KeyId">SHA-256 of the SubjectPublicKeyInfo, in hex.</param>
/// <param name="SshKeyId">Its SSH fingerprint <c>SHA256:…</c>: the keyid that cosign takes.</param>
/// <param name="Spki">DER SubjectPublicKeyInfo.</param>
/// <param name="RevokedAt">Null while it is accepted.</param>
public sealed record AttestationKey(
    string KeyId, string SshKeyId, string Name, AttestationKeyType Type, byte[] Spki, DateTimeOffset RegisteredAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>Whether an envelope's keyid means this key.</summary>
    public bool IsCalled(string keyId) => keyId == KeyId || keyId == SshKeyId;

    /// <summary>Whether the signature is this key's over the envelope's PAE.</summary>
    public bool Verifies(ReadOnlySpan<byte> pae, ReadOnlySpan<byte> signature) => Type == AttestationKeyType.Ed25519
        ? Verify.Signing.Spki.TryReadEd25519(Spki, out var raw) && Ed25519.Verify(raw, pae, signature)
        : EcdsaP256.VerifyDigest(Spki, SHA256.HashData(pae), signature);

    /// <summary>Reads a key to register.</summary>
    /// <remarks>Raw: <c>-----BEGIN PUBLIC KEY-----</c>, base64 of the DER, <c>-----END PUBLIC KEY-----</c>.</remarks>
    /// <exception cref="LedgerProblemException">invalid-attestation-key.</exception>
    public static AttestationKey Read(string name, string pem, DateTimeOffset now)
    {
        if (!Verify.Signing.Spki.TryReadPem(pem, out var spki)) throw Refused("The text must be one PEM block PUBLIC KEY.");
        var keyId = Digest.Sha256(spki).ToHex();
        if (Verify.Signing.Spki.TryReadEd25519(spki, out var raw))
            return new AttestationKey(keyId, SshFingerprint.OfEd25519(raw), name, AttestationKeyType.Ed25519, spki, now, null);
        if (!IsOnCurve(spki)) throw Refused("Only Ed25519 and ECDSA P-256 keys are taken.");
        return new AttestationKey(keyId, SshFingerprint.OfEcdsaP256(spki), name, AttestationKeyType.EcdsaP256, spki, now, null);
    }

    private static bool IsOnCurve(byte[] spki)
    {
        if (!EcdsaP256.IsKey(spki)) return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spki, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static LedgerProblemException Refused(string detail) => new(ProblemTypes.InvalidAttestationKey, detail, "public_key");
}

public enum AttestationKeyType
{
    Ed25519,
    EcdsaP256,
}

public static class AttestationKeyTypes
{
    /// <summary>The type as the tables and the API spell it.</summary>
    public static string Name(this AttestationKeyType type) => type == AttestationKeyType.Ed25519 ? "ed25519" : "ecdsa-p256";

    internal static AttestationKeyType Parse(string name) =>
        name == "ed25519" ? AttestationKeyType.Ed25519 : AttestationKeyType.EcdsaP256;
}
