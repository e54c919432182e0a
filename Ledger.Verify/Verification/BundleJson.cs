using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>The bundle's one byte form: RFC 8785, then at most one LF.</summary>
// Example, shortened: {"checkpoint":"ledger.localhost/log/demo\n1\n…","envelope":{"payload":"eyJf…",
// "payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"SHA256:…","sig":"…"}]},
// "leaf":{"origin":"ledger.localhost/log/demo","prev":"00…","seq":0},"mediaType":"application/vnd.ledger.bundle.v1+json",
// "meta":{"salt":"…","value":{"user_id":"12345"}},"proof":{"hashes":[],"leaf_index":0}}
internal static class BundleJson
{
    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.BundleBytes);

    public static byte[] Write(Bundle bundle)
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        WriteArray(ref json, "anchors"u8, bundle.Anchors);
        json.Name("checkpoint"u8);
        json.Text(bundle.Checkpoint);
        json.Name("envelope"u8);
        EnvelopeJson.Write(ref json, bundle.Envelope);
        json.Name("leaf"u8);
        WriteLeaf(ref json, bundle.Leaf);
        json.Name("mediaType"u8);
        json.Text(Bundle.MediaType);
        EnvelopeJson.WriteMeta(ref json, bundle.Meta);
        WriteArray(ref json, "payload_anchors"u8, bundle.PayloadAnchors);
        json.Name("proof"u8);
        WriteProof(ref json, bundle.Proof);
        json.EndObject();
        return json.Finish();
    }

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out Bundle? bundle, out FailureCode failure)
    {
        bundle = null;
        if (file is [.., (byte)'\n']) file = file[..^1];
        if (file.Length > Limits.BundleBytes) return Fail(FailureCode.BundleTooBig, out failure);
        if (!StrictJson.TryParse(file, Document, out var root, out _)) return Fail(FailureCode.BundleMalformed, out failure);
        if (!root.Has("mediaType")) return Fail(FailureCode.BundleMalformed, out failure);
        if (root.Text("mediaType") != Bundle.MediaType) return Fail(FailureCode.BundleMediaTypeUnknown, out failure);

        var checkpoint = root.Text("checkpoint");
        var envelope = EnvelopeJson.Read(root.Child("envelope"));
        var leaf = root.Child("leaf");
        var position = new LeafPosition(leaf.Text("origin"), leaf.Number("seq"), leaf.Hex("prev"));
        var wellFormed = TryReadProof(root.Child("proof"), out var proof);
        wellFormed &= EnvelopeJson.TryReadMeta(root, out var meta);
        wellFormed &= TryReadArray(root, "anchors", out var anchors);
        wellFormed &= TryReadArray(root, "payload_anchors", out var payloadAnchors);
        if (!root.Complete(out _) || !wellFormed) return Fail(FailureCode.BundleMalformed, out failure);

        // Strict in, canonical out: what was understood, written again, must be the file. So no byte of it is without meaning.
        bundle = new Bundle(envelope, position, proof, checkpoint, meta, anchors, payloadAnchors);
        if (file.SequenceEqual(bundle.ToBytes())) return Succeed(out failure);
        bundle = null;
        return Fail(FailureCode.BundleNotCanonical, out failure);
    }

    private static void WriteLeaf(ref JcsWriter json, LeafPosition leaf)
    {
        json.StartObject();
        json.Name("origin"u8);
        json.Text(leaf.Origin);
        json.Name("prev"u8);
        json.Hex(leaf.Prev);
        json.Name("seq"u8);
        json.Number(leaf.Seq);
        json.EndObject();
    }

    private static void WriteProof(ref JcsWriter json, BundleProof proof)
    {
        json.StartObject();
        json.Name("hashes"u8);
        json.StartArray();
        foreach (var hash in proof.Hashes) json.Hex(hash);
        json.EndArray();
        json.Name("leaf_index"u8);
        json.Number(proof.LeafIndex);
        json.EndObject();
    }

    private static void WriteArray(ref JcsWriter json, ReadOnlySpan<byte> name, IReadOnlyList<byte[]>? items)
    {
        if (items is null or []) return;
        json.Name(name);
        json.StartArray();
        foreach (var item in items) json.Canonical(item);
        json.EndArray();
    }

    private static bool TryReadProof(StrictJson json, out BundleProof proof)
    {
        var texts = json.Texts("hashes");
        var hashes = new Digest[texts.Count];
        var wellFormed = texts.Count <= Limits.ProofHashes;
        for (var i = 0; wellFormed && i < hashes.Length; i++) wellFormed = Digest.TryParseHex(texts[i], out hashes[i]);
        proof = new BundleProof(json.Number("leaf_index"), hashes);
        return wellFormed;
    }

    private static bool TryReadArray(StrictJson root, string name, out byte[][]? items)
    {
        items = null;
        if (!root.Has(name)) return true;
        var array = JsonElement.Parse(root.Canonical(name), new JsonDocumentOptions { MaxDepth = Limits.DocumentDepth });
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > Limits.Anchors) return false;
        items = [.. array.EnumerateArray().Select(item => JsonMarshal.GetRawUtf8Value(item).ToArray())];
        return array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);
    }

    private static bool Fail(FailureCode code, out FailureCode failure)
    {
        failure = code;
        return false;
    }

    private static bool Succeed(out FailureCode failure)
    {
        failure = default;
        return true;
    }
}
