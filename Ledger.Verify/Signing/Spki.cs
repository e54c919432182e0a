using System.Security.Cryptography;

namespace Ledger.Verify.Signing;

/// <summary>
/// Public keys as DER SubjectPublicKeyInfo and as PEM. Ed25519's is a fixed prefix and the raw key.
/// https://www.rfc-editor.org/rfc/rfc8410#section-4
/// </summary>
// Example: MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= is RFC 8032's first test key.
public static class Spki
{
    private const string PublicKeyLabel = "PUBLIC KEY";

    /// <summary>SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }, up to the key.</summary>
    private static ReadOnlySpan<byte> Ed25519Prefix => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>The 44 bytes of DER for a raw Ed25519 key.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static byte[] OfEd25519(ReadOnlySpan<byte> publicKey32)
    {
        if (publicKey32.Length != Ed25519.PublicKeySize)
        {
            throw new ArgumentException("An Ed25519 public key is 32 bytes.", nameof(publicKey32));
        }

        return [.. Ed25519Prefix, .. publicKey32];
    }

    /// <summary>The raw Ed25519 key out of its DER; false for any other key or encoding.</summary>
    public static bool TryReadEd25519(ReadOnlySpan<byte> spkiDer, out byte[] publicKey32)
    {
        var known = spkiDer.Length == Ed25519Prefix.Length + Ed25519.PublicKeySize && spkiDer.StartsWith(Ed25519Prefix);
        publicKey32 = known ? spkiDer[Ed25519Prefix.Length..].ToArray() : [];
        return known;
    }

    /// <summary><c>-----BEGIN PUBLIC KEY-----</c>, with a final newline.</summary>
    public static string ToPem(ReadOnlySpan<byte> spkiDer) => PemEncoding.WriteString(PublicKeyLabel, spkiDer) + "\n";

    /// <summary>The DER of the one <c>PUBLIC KEY</c> block that the text consists of.</summary>
    public static bool TryReadPem(ReadOnlySpan<char> pem, out byte[] spkiDer)
    {
        spkiDer = [];
        if (!PemEncoding.TryFind(pem, out var fields) || !pem[fields.Label].SequenceEqual(PublicKeyLabel)) return false;
        var (start, length) = fields.Location.GetOffsetAndLength(pem.Length);
        if (!pem[..start].IsWhiteSpace() || !pem[(start + length)..].IsWhiteSpace()) return false;
        var decoded = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(pem[fields.Base64Data], decoded, out var written) || written != decoded.Length) return false;
        spkiDer = decoded;
        return true;
    }
}
