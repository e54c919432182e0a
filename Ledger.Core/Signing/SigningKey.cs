using System.Security.Cryptography;
using Ledger.Verify.Signing;

namespace Ledger.Core.Signing;

/// <summary>A public key this ledger signs with: the row of <c>signing_keys</c>.</summary>
/// <param name="KeyId">Ed25519: the SSH fingerprint <c>SHA256:…</c>.
/// ECDSA: base64 of SHA-256 of the DER SubjectPublicKeyInfo, as Sigstore hints it.</param>
/// <param name="Spki">DER SubjectPublicKeyInfo.</param>
public sealed record SigningKey(string KeyId, KeyPurpose Purpose, string VaultName, int VaultVersion, byte[] Spki)
{
    /// <summary>The raw 32 bytes of an Ed25519 key.</summary>
    public byte[] Ed25519PublicKey { get; } = Purpose is KeyPurpose.Entry or KeyPurpose.Checkpoint ? Ed25519Of(Spki) : [];

    public static SigningKey Create(KeyPurpose purpose, string vaultName, int vaultVersion, byte[] spki)
    {
        var keyId = purpose is KeyPurpose.Entry or KeyPurpose.Checkpoint
            ? SshFingerprint.OfEd25519(Ed25519Of(spki))
            : Convert.ToBase64String(SHA256.HashData(spki));
        return new SigningKey(keyId, purpose, vaultName, vaultVersion, spki);
    }

    /// <summary>Ed25519: over the message. ECDSA: <paramref name="message"/> is the SHA-256 digest that was signed,
    /// the signature DER.</summary>
    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Purpose is KeyPurpose.Entry or KeyPurpose.Checkpoint
        ? Ed25519.Verify(Ed25519PublicKey, message, signature)
        : EcdsaP256.VerifyDigest(Spki, message, signature);

    private static byte[] Ed25519Of(byte[] spki) => Verify.Signing.Spki.TryReadEd25519(spki, out var publicKey) ? publicKey
        : throw new FormatException("Not the SubjectPublicKeyInfo of an Ed25519 key.");
}
