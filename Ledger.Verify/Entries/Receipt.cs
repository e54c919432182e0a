using Ledger.Verify.Json;

namespace Ledger.Verify.Entries;

/// <summary>
/// The answer to an append: it shows that the key signed the statement. The position in it is unsigned until a checkpoint covers it.
/// Its bytes are RFC 8785 like every other document's, so any changed byte is another receipt or none.
/// </summary>
/// <param name="Id">The statement's.</param>
/// <param name="Tenant">The statement's.</param>
/// <param name="Origin">The leaf's.</param>
/// <param name="Subject">The statement's.</param>
/// <param name="PayloadHash">The statement's.</param>
/// <param name="Signature">Ed25519 over the DSSE PAE of the statement.</param>
/// <param name="PublicKey">The raw 32 bytes: a claim; the key that counts is in the trust file.</param>
/// <param name="KeyId">The SSH fingerprint of <paramref name="PublicKey"/>.</param>
/// <param name="CreatedAt">The statement's.</param>
/// <param name="ChainSeq">The leaf's seq.</param>
/// <param name="Prev">The leaf's.</param>
/// <param name="LeafHash">The leaf's hash.</param>
/// <param name="Statement">The statement's bytes.</param>
/*
{"chain_seq":0,"created_at":"…","id":"…","key_id":"SHA256:…","leaf_hash":"…","origin":"…","payload_hash":"…","prev":"…","public_key":"…",
 "rekor_index":0,"rekor_log_id":"","signature":"…","statement":"…base64…","subject":"…","tenant":"…"}      (one line, without white space)
*/
public sealed record Receipt(
    string Id,
    string Tenant,
    string Origin,
    string Subject,
    Digest PayloadHash,
    byte[] Signature,
    byte[] PublicKey,
    string KeyId,
    string CreatedAt,
    long ChainSeq,
    Digest Prev,
    Digest LeafHash,
    byte[] Statement)
{
    private static readonly JsonLimits ParseLimits = new(Limits.DocumentDepth, Limits.ReceiptBytes);

    /// <summary>The one receipt of an entry.</summary>
    /// <param name="statement">What was signed.</param>
    /// <param name="statementBytes">Its bytes, which the caller has; null to write them again.</param>
    /// <param name="leaf">Where the entry is.</param>
    /// <param name="leafHash">The leaf's hash, which the caller has; null to compute it again.</param>
    /// <param name="publicKey">The key's raw 32 bytes.</param>
    public static Receipt Of(Statement statement, byte[]? statementBytes, Leaf leaf, Digest? leafHash, byte[] publicKey)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(leaf);
        return new Receipt(
            statement.Id,
            statement.Tenant,
            leaf.Origin,
            statement.Subject,
            statement.PayloadHash,
            leaf.Signature,
            publicKey,
            leaf.KeyId,
            statement.CreatedAt,
            leaf.Seq,
            leaf.Prev,
            leafHash ?? leaf.Hash(),
            statementBytes ?? statement.ToBytes());
    }

    /// <summary>The RFC 8785 bytes, as the API answers them.</summary>
    public byte[] ToBytes()
    {
        var writer = new JcsWriter(2048);
        Write(ref writer);
        return writer.Finish();
    }

    /// <summary>
    /// Accepts exactly what <see cref="ToBytes"/> writes; whether the fields agree with each other is <see cref="Rebuilds"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Receipt receipt, out FailureCode failure)
    {
        receipt = null!;
        failure = FailureCode.ReceiptMalformed;
        if (bytes.Length > Limits.ReceiptBytes || !StrictJson.TryParse(bytes, ParseLimits, out var root, out _)) return false;
        var parsed = new Receipt(
            root.Text("id"),
            root.Text("tenant"),
            root.Text("origin"),
            root.Text("subject"),
            root.Hex("payload_hash"),
            root.Base64("signature"),
            root.Base64("public_key"),
            root.Text("key_id"),
            root.Text("created_at"),
            root.Number("chain_seq"),
            root.Hex("prev"),
            root.Hex("leaf_hash"),
            root.Base64("statement"));

        // A receipt is given before anything is anchored: any other value here is bound to nothing.
        var unanchored = root.Text("rekor_log_id").Length == 0 && root.Number("rekor_index") == 0;
        if (!root.Complete(out _) || !unanchored) return false;
        failure = FailureCode.ReceiptNotCanonical;
        if (!bytes.SequenceEqual(parsed.ToBytes())) return false;
        receipt = parsed;
        failure = default;
        return true;
    }

    /// <summary>
    /// Null when every field is the value that the statement, the leaf rebuilt from it and the public key give. It does not verify the
    /// signature,
    /// and it does not say that the key is to be believed.
    /// </summary>
    public FailureCode? Rebuilds(out Statement statement)
    {
        if (!Entries.Statement.TryParse(Statement, out statement, out var failure)) return failure;
        if (PublicKey.Length != Signing.Ed25519.PublicKeySize) return FailureCode.ReceiptFieldMismatch;
        var leaf = new Leaf(Origin, ChainSeq, Prev, Digest.Sha256(Statement), Signing.SshFingerprint.OfEd25519(PublicKey), Signature);
        return Equals(Of(statement, Statement, leaf, null, PublicKey)) ? null : FailureCode.ReceiptFieldMismatch;
    }

    public bool Equals(Receipt? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    public override int GetHashCode() => LeafHash.GetHashCode();

    // Members in RFC 8785's order.
    private void Write(ref JcsWriter writer)
    {
        writer.StartObject();
        writer.Name("chain_seq"u8);
        writer.Number(ChainSeq);
        writer.Name("created_at"u8);
        writer.Text(CreatedAt);
        writer.Name("id"u8);
        writer.Text(Id);
        writer.Name("key_id"u8);
        writer.Text(KeyId);
        writer.Name("leaf_hash"u8);
        writer.Hex(LeafHash);
        writer.Name("origin"u8);
        writer.Text(Origin);
        writer.Name("payload_hash"u8);
        writer.Hex(PayloadHash);
        writer.Name("prev"u8);
        writer.Hex(Prev);
        writer.Name("public_key"u8);
        writer.Base64(PublicKey);
        writer.Name("rekor_index"u8);
        writer.Number(0);
        writer.Name("rekor_log_id"u8);
        writer.Text("");
        writer.Name("signature"u8);
        writer.Base64(Signature);
        writer.Name("statement"u8);
        writer.Base64(Statement);
        writer.Name("subject"u8);
        writer.Text(Subject);
        writer.Name("tenant"u8);
        writer.Text(Tenant);
        writer.EndObject();
    }
}
