using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Checkpoints;

/// <summary>An Ed25519 key that verifies notes, written as a vkey. https://c2sp.org/signed-note#verifier-keys</summary>
/// <param name="Name">The key's name; for a log's checkpoints it is the origin.</param>
/// <param name="PublicKey">The raw 32 bytes.</param>
// Example: example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
public sealed record VerifierKey(string Name, byte[] PublicKey)
{
    /// <summary>Signature type "Ed25519 over the note's text".</summary>
    private const byte Ed25519Type = 0x01;

    /// <summary>The first four bytes, big-endian, of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).</summary>
    public uint KeyHash { get; } = HashOf(Name, PublicKey);

    /// <summary>The vkey.</summary>
    public string Format() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyHash:x8}+{CanonicalBase64.Encode([Ed25519Type, .. PublicKey])}");

    /// <summary>Accepts exactly what <see cref="Format"/> writes: an Ed25519 key whose hash is its own.</summary>
    public static bool TryParse(string vkey, out VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(vkey);
        key = null!;
        var parts = vkey.Split('+', 3);
        if (parts.Length != 3 || !NoteSignature.IsName(parts[0])) return false;
        if (!CanonicalBase64.TryDecode(parts[2], out var bytes) || bytes.Length != 1 + Ed25519.PublicKeySize || bytes[0] != Ed25519Type)
        {
            return false;
        }

        var parsed = new VerifierKey(parts[0], bytes[1..]);
        if (parsed.Format() != vkey) return false;
        key = parsed;
        return true;
    }

    /// <summary>
    /// Null when this key signed the note's text. Signatures of other keys are ignored; one with this key's name and hash must verify, and
    /// where there are several, each of them.
    /// </summary>
    public FailureCode? Verify(Note note)
    {
        ArgumentNullException.ThrowIfNull(note);
        byte[]? text = null;
        foreach (var signature in note.Signatures)
        {
            if (signature.Name != Name || signature.KeyHash != KeyHash) continue;
            text ??= Encoding.UTF8.GetBytes(note.Text);
            if (!Ed25519.Verify(PublicKey, text, signature.Signature)) return FailureCode.NoteSignatureInvalid;
        }

        return text is null ? FailureCode.NoteKeyUnknown : null;
    }

    /// <summary>The signature line of this key for <paramref name="signature"/>, made elsewhere over the note's text.</summary>
    public NoteSignature SignatureLine(byte[] signature) => new(Name, KeyHash, signature);

    public bool Equals(VerifierKey? other) => other is not null && Name == other.Name && PublicKey.AsSpan().SequenceEqual(other.PublicKey);

    public override int GetHashCode() => HashCode.Combine(Name, KeyHash);

    private static uint HashOf(string name, byte[] publicKey)
    {
        if (publicKey.Length != Ed25519.PublicKeySize) throw new ArgumentException("An Ed25519 public key is 32 bytes.", nameof(publicKey));
        Span<byte> hash = stackalloc byte[Digest.Size];
        SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519Type, .. publicKey], hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
