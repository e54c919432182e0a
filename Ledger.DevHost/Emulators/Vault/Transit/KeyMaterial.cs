using System.Formats.Asn1;
using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>The secret of one key version and what can be done with it.</summary>
internal abstract class KeyMaterial
{
    /// <summary><c>public_key</c> of a key read: base64 of 32 raw bytes for Ed25519, PEM with a last line feed for ECDSA, empty for
    /// symmetric keys.</summary>
    public abstract string PublicKey { get; }

    /// <summary>Signs a message (Ed25519) or a digest (ECDSA).</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> input, bool jws);

    /// <param name="input">What was signed.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="jws">r and s side by side instead of ASN.1.</param>
    /// <param name="malformed">What Vault says where the signature's encoding itself is wrong, else null.</param>
    public abstract bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature, bool jws, out string? malformed);

    /// <summary>New private bytes of a type, in the form <see cref="Of"/> takes.</summary>
    public static byte[] Generate(KeyType type)
    {
        if (!type.Name.StartsWith("ecdsa", StringComparison.Ordinal))
            return RandomNumberGenerator.GetBytes(32);
        using var key = ECDsa.Create(CurveOf(type));
        return key.ExportPkcs8PrivateKey();
    }

    public static KeyMaterial Of(KeyType type, byte[] secret) => type.Name switch
    {
        "ed25519" => new Ed25519Material(secret),
        _ when type.Signs => new EcdsaMaterial(secret),
        _ => new SymmetricMaterial(),
    };

    private static ECCurve CurveOf(KeyType type) => type.Shown switch
    {
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => ECCurve.NamedCurves.nistP256,
    };

    private sealed class Ed25519Material(byte[] seed) : KeyMaterial
    {
        private readonly Ed25519 key = Ed25519.FromSeed(seed);

        public override string PublicKey => Convert.ToBase64String(key.PublicKey);

        public override byte[] Sign(ReadOnlySpan<byte> input, bool jws)
        {
            var signature = new byte[64];
            key.Sign(input, signature);
            return signature;
        }

        public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature, bool jws, out string? malformed)
        {
            malformed = null;
            return key.Verify(input, signature);
        }
    }

    private sealed class EcdsaMaterial : KeyMaterial
    {
        private readonly ECDsa key = ECDsa.Create();
        private readonly Lock gate = new(); // the runtime does not promise that one ECDsa may sign on two threads

        public EcdsaMaterial(byte[] pkcs8) => key.ImportPkcs8PrivateKey(pkcs8, out _);

        public override string PublicKey => key.ExportSubjectPublicKeyInfoPem() + "\n";

        public override byte[] Sign(ReadOnlySpan<byte> input, bool jws)
        {
            lock (gate)
                return key.SignHash(input.ToArray(), Format(jws));
        }

        public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature, bool jws, out string? malformed)
        {
            malformed = jws ? null : Malformed(signature);
            if (malformed is not null)
                return false;
            lock (gate)
                return key.VerifyHash(input, signature, Format(jws));
        }

        private static DSASignatureFormat Format(bool jws)
            => jws ? DSASignatureFormat.IeeeP1363FixedFieldConcatenation : DSASignatureFormat.Rfc3279DerSequence;

        // SEQUENCE { r INTEGER, s INTEGER } and nothing after it.
        private static string? Malformed(ReadOnlySpan<byte> signature)
        {
            try
            {
                AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out var at, out var length, out var consumed);
                var numbers = signature.Slice(at, length);
                AsnDecoder.ReadIntegerBytes(numbers, AsnEncodingRules.DER, out var first);
                AsnDecoder.ReadIntegerBytes(numbers[first..], AsnEncodingRules.DER, out _);
                return consumed == signature.Length ? null : "supplied signature contains extra data";
            }
            catch (AsnContentException)
            {
                return "supplied signature is invalid";
            }
        }
    }

    private sealed class SymmetricMaterial : KeyMaterial
    {
        public override string PublicKey => "";

        public override byte[] Sign(ReadOnlySpan<byte> input, bool jws) => throw new NotSupportedException();

        public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature, bool jws, out string? malformed)
            => throw new NotSupportedException();
    }
}
