using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Keys;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor2.Log;

/// <summary>The log's Ed25519 key. Its id holds the origin too, as C2SP signed-note has it: SHA-256(origin ‖ LF ‖ 0x01 ‖ key)</summary>
internal sealed class LogKey(byte[] seed, string origin) : IDisposable
{
    /// <summary>DER of a SubjectPublicKeyInfo up to the 32 bytes of the key: 1.3.101.112.</summary>
    private static readonly byte[] SpkiPrefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>DER of a PrivateKeyInfo (RFC 8410) up to the 32 bytes of the seed.</summary>
    private static readonly byte[] Pkcs8Prefix =
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    private readonly Ed25519 key = Ed25519.FromSeed(seed);

    public byte[] LogId => SHA256.HashData([.. Encoding.UTF8.GetBytes(origin), (byte)'\n', 1, .. key.PublicKey]);

    public string Pem => PemText.Of("PUBLIC KEY", [.. SpkiPrefix, .. key.PublicKey]);

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(32);

    /// <summary>The 32 bytes of a key as <c>openssl genpkey -algorithm ed25519</c> writes it.</summary>
    /// <exception cref="CryptographicException">Not such a key; the message says what it has to be.</exception>
    public static byte[] SeedOf(string pem)
    {
        if (PemEncoding.TryFind(pem, out var found) && pem[found.Label] == "PRIVATE KEY"
            && Convert.FromBase64String(pem[found.Base64Data]) is { } der
            && der.Length == Pkcs8Prefix.Length + 32 && der.AsSpan().StartsWith(Pkcs8Prefix))
        {
            return der[^32..];
        }
        throw new CryptographicException("not a PEM private key of Ed25519, which a Rekor v2 signs with here");
    }

    /// <param name="broken">The signature is of something else.</param>
    public string Checkpoint(long size, ReadOnlySpan<byte> root, bool broken)
    {
        var body = SignedNote.Body(origin, size, root);
        var signature = new byte[64];
        key.Sign(SignedNote.Bytes(broken ? body + "?" : body), signature);
        return SignedNote.Format(body, origin, LogId, signature);
    }

    public void Dispose() => key.Dispose();
}
