using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.DevHost.Emulators.Keys;

/// <summary>The types of public keys that logs take signatures of.</summary>
internal enum KeyKind
{
    EcdsaP256,
    EcdsaP384,
    EcdsaP521,
    Rsa,
    Ed25519,
}

/// <summary>A public key of somebody who submits, from its DER SubjectPublicKeyInfo.</summary>
internal sealed record SubjectKey(KeyKind Kind, int Bits, byte[] Spki)
{
    private const string EcPublicKey = "1.2.840.10045.2.1", RsaEncryption = "1.2.840.113549.1.1.1", OidEd25519 = "1.3.101.112";

    /// <summary>Null: not a key, or of a type nobody takes.</summary>
    public static SubjectKey? TryRead(ReadOnlySpan<byte> spki)
    {
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(spki, out var read);
            if (read != spki.Length)
                return null;
            switch (key.Oid.Value)
            {
                case EcPublicKey:
                    using (var ecdsa = key.GetECDsaPublicKey())
                        return ecdsa is null ? null : OfCurve(ecdsa.KeySize, spki);
                case RsaEncryption:
                    using (var rsa = key.GetRSAPublicKey())
                        return rsa is null ? null : new SubjectKey(KeyKind.Rsa, rsa.KeySize, spki.ToArray());
                case OidEd25519:
                    return new SubjectKey(KeyKind.Ed25519, 256, spki.ToArray());
                default:
                    return null;
            }
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A signature over a digest: ECDSA in DER, RSA with PKCS #1 v1.5, Ed25519ph.</summary>
    public bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        try
        {
            switch (Kind)
            {
                case KeyKind.Rsa:
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportSubjectPublicKeyInfo(Spki, out _);
                        return rsa.VerifyHash(digest, signature, hash, RSASignaturePadding.Pkcs1);
                    }
                case KeyKind.Ed25519:
                    return Ed25519ph.Verify(RawEd25519, digest, signature);
                default:
                    using (var ecdsa = ECDsa.Create())
                    {
                        ecdsa.ImportSubjectPublicKeyInfo(Spki, out _);
                        return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
                    }
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A signature over a message, with SHA-256 where the algorithm needs a hash; Ed25519 is the pure one.</summary>
    public bool VerifyMessage(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (Kind != KeyKind.Ed25519)
            return VerifyDigest(SHA256.HashData(message), signature, HashAlgorithmName.SHA256);
        using var key = Ed25519.FromPublic(RawEd25519);
        return key?.Verify(message, signature) == true;
    }

    private ReadOnlySpan<byte> RawEd25519 => Spki.AsSpan(^32..);

    private static SubjectKey? OfCurve(int bits, ReadOnlySpan<byte> spki) => bits switch
    {
        256 => new SubjectKey(KeyKind.EcdsaP256, bits, spki.ToArray()),
        384 => new SubjectKey(KeyKind.EcdsaP384, bits, spki.ToArray()),
        521 => new SubjectKey(KeyKind.EcdsaP521, bits, spki.ToArray()),
        _ => null,
    };
}
