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

    private readonly Ed25519 key = Ed25519.FromSeed(seed);

    public byte[] LogId => SHA256.HashData([.. Encoding.UTF8.GetBytes(origin), (byte)'\n', 1, .. key.PublicKey]);

    public string Pem => PemText.Of("PUBLIC KEY", [.. SpkiPrefix, .. key.PublicKey]);

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(32);

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
