using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>One DSSE signature: the key's SSH fingerprint and 64 bytes of Ed25519.</summary>
public sealed record EnvelopeSignature(string KeyId, byte[] Signature);

/// <summary>
/// A DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md) as it lies in bundles and exports:
/// the payload decoded, everything else as it was written. Nothing in it is verified yet.
/// </summary>
public sealed record Envelope(byte[] Payload, string PayloadType, IReadOnlyList<EnvelopeSignature> Signatures)
{
    /// <summary>An entry's envelope: one signature over the statement.</summary>
    public static Envelope OfStatement(byte[] statement, string keyId, byte[] signature) =>
        new(statement, Dsse.InTotoPayloadType, [new EnvelopeSignature(keyId, signature)]);
}

/// <summary>The parts of the leaf that the envelope does not carry.</summary>
/// <param name="Origin">Name of the log.</param>
/// <param name="Seq">Position, from 0.</param>
/// <param name="Prev">Leaf hash of the entry before; zeros at seq 0.</param>
public sealed record LeafPosition(string Origin, long Seq, Digest Prev);

/// <summary>An RFC 6962 inclusion proof, lowest node first.</summary>
public sealed record BundleProof(long LeafIndex, IReadOnlyList<Digest> Hashes);

/// <summary>Metadata with the salt that hides it in the statement's commitment.</summary>
/// <param name="Salt">32 bytes.</param>
/// <param name="Value">RFC 8785 bytes of a JSON object.</param>
public sealed record BundleMeta(byte[] Salt, byte[] Value);

/// <summary>
/// Everything needed to verify one entry offline, except the keys: those come from the verifier's own trust file.
/// Media type <see cref="MediaType"/>. Reading proves nothing: give it to a <see cref="BundleVerifier"/>.
/// </summary>
/// <param name="Envelope">The signed statement.</param>
/// <param name="Leaf">Where it lies.</param>
/// <param name="Proof">That it lies there.</param>
/// <param name="Checkpoint">The signed note of a checkpoint that covers it, as the log wrote it.</param>
/// <param name="Meta">Metadata, unless it was erased or left out.</param>
/// <param name="Anchors">RFC 8785 bytes of Sigstore bundles over the checkpoint; null, never empty.</param>
/// <param name="PayloadAnchors">RFC 8785 bytes of Sigstore bundles over the payload's digest; null, never empty.</param>
public sealed record Bundle(
    Envelope Envelope,
    LeafPosition Leaf,
    BundleProof Proof,
    string Checkpoint,
    BundleMeta? Meta = null,
    IReadOnlyList<byte[]>? Anchors = null,
    IReadOnlyList<byte[]>? PayloadAnchors = null)
{
    /// <summary>The content type the API answers with, and the file's own <c>mediaType</c>.</summary>
    public const string MediaType = "application/vnd.ledger.bundle.v1+json";

    /// <summary>The one file that this bundle is: its RFC 8785 form, without a final LF.</summary>
    public byte[] ToBytes() => BundleJson.Write(this);

    /// <summary>Reads a bundle file strictly. On false, <paramref name="failure"/> says why.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Bundle? bundle, out FailureCode failure) =>
        BundleJson.TryRead(file, out bundle, out failure);
}
