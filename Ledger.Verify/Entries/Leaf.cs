using Ledger.Verify.Json;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Entries;

/// <summary>
/// What puts an entry at a position of a log: the Merkle tree is over these bytes, and the next entry's <c>prev</c> is their leaf hash.
/// </summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Seq">The position, from 0.</param>
/// <param name="Prev">The leaf hash of the entry before; zero for the first.</param>
/// <param name="StatementSha256">SHA-256 of the statement's bytes.</param>
/// <param name="KeyId">The signing key's SSH fingerprint.</param>
/// <param name="Signature">Ed25519 over the DSSE PAE of the statement.</param>
/*
{"key_id":"SHA256:…","kind":"ledger.leaf/v1","origin":"ledger.localhost/log/demo","prev":"…64 hex…","seq":0,
 "sig":"…base64…","statement_sha256":"…64 hex…"}      (one line, without white space)
*/
public sealed record Leaf(string Origin, long Seq, Digest Prev, Digest StatementSha256, string KeyId, byte[] Signature)
{
    private const string Kind = "ledger.leaf/v1";
    private static readonly JsonLimits ParseLimits = new(Limits.DocumentDepth, Limits.LeafBytes);

    /// <summary>The RFC 8785 bytes; an entry bundle holds them.</summary>
    public byte[] ToBytes()
    {
        var writer = new JcsWriter(512);
        Write(ref writer);
        return writer.Finish();
    }

    /// <summary>SHA-256(0x00 ‖ bytes).</summary>
    public Digest Hash()
    {
        var writer = new JcsWriter(512);
        Write(ref writer);
        var hash = MerkleHash.Leaf(writer.Written);
        writer.Dispose();
        return hash;
    }

    /// <summary>Accepts exactly what <see cref="ToBytes"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Leaf leaf, out FailureCode failure)
    {
        leaf = null!;
        failure = FailureCode.LeafMalformed;
        if (bytes.Length > Limits.LeafBytes || !StrictJson.TryParse(bytes, ParseLimits, out var root, out _)) return false;
        var kind = root.Text("kind");
        var parsed = new Leaf(
            root.Text("origin"),
            root.Number("seq"),
            root.Hex("prev"),
            root.Hex("statement_sha256"),
            root.Text("key_id"),
            root.Base64("sig"));
        if (!root.Complete(out _)) return false;
        failure = FailureCode.LeafKindUnknown;
        if (kind != Kind) return false;
        failure = FailureCode.LeafNotCanonical;
        if (!bytes.SequenceEqual(parsed.ToBytes())) return false;
        leaf = parsed;
        failure = default;
        return true;
    }

    public bool Equals(Leaf? other) =>
        other is not null && Origin == other.Origin && Seq == other.Seq && Prev == other.Prev && StatementSha256 == other.StatementSha256
        && KeyId == other.KeyId && Signature.AsSpan().SequenceEqual(other.Signature);

    public override int GetHashCode() => HashCode.Combine(Origin, Seq, StatementSha256);

    // Members in RFC 8785's order.
    private void Write(ref JcsWriter writer)
    {
        writer.StartObject();
        writer.Name("key_id"u8);
        writer.Text(KeyId);
        writer.Name("kind"u8);
        writer.Text(Kind);
        writer.Name("origin"u8);
        writer.Text(Origin);
        writer.Name("prev"u8);
        writer.Hex(Prev);
        writer.Name("seq"u8);
        writer.Number(Seq);
        writer.Name("sig"u8);
        writer.Base64(Signature);
        writer.Name("statement_sha256"u8);
        writer.Hex(StatementSha256);
        writer.EndObject();
    }
}
