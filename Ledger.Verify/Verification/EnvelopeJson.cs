using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>The parts that bundles and exported entries share: the DSSE envelope and the metadata with its salt.</summary>
// Example: {"payload":"eyJf…","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"SHA256:…","sig":"…"}]}
internal static class EnvelopeJson
{
    private static readonly JsonLimits MetaLimits = new(Limits.MetaDepth, Limits.MetaBytes);

    public static void Write(ref JcsWriter json, Envelope envelope)
    {
        json.StartObject();
        json.Name("payload"u8);
        json.Base64(envelope.Payload);
        json.Name("payloadType"u8);
        json.Text(envelope.PayloadType);
        json.Name("signatures"u8);
        json.StartArray();
        foreach (var signature in envelope.Signatures)
        {
            json.StartObject();
            json.Name("keyid"u8);
            json.Text(signature.KeyId);
            json.Name("sig"u8);
            json.Base64(signature.Signature);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    /// <summary>Failures stick to the document: they show when it is completed.</summary>
    public static Envelope Read(StrictJson envelope)
    {
        var payload = envelope.Base64("payload");
        var payloadType = envelope.Text("payloadType");
        var signatures = envelope.Children("signatures")
            .Select(item => new EnvelopeSignature(item.Text("keyid"), item.Base64("sig"))).ToArray();
        return new Envelope(payload, payloadType, signatures);
    }

    public static void WriteMeta(ref JcsWriter json, BundleMeta? meta)
    {
        if (meta is null) return;
        json.Name("meta"u8);
        json.StartObject();
        json.Name("salt"u8);
        json.Base64(meta.Salt);
        json.Name("value"u8);
        json.Canonical(meta.Value);
        json.EndObject();
    }

    /// <summary>Meta obeys in a bundle the limits it obeyed in the append.</summary>
    public static bool TryReadMeta(StrictJson root, out BundleMeta? meta)
    {
        meta = null;
        if (root.OptionalChild("meta") is not { } json) return true;
        meta = new BundleMeta(json.Base64("salt"), json.Canonical("value"));
        return meta.Salt.Length == MetaCommitment.SaltSize && meta.Value is [(byte)'{', ..]
            && Jcs.TryCanonicalize(meta.Value, MetaLimits, out _, out _);
    }
}
