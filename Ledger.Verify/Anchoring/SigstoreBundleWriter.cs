using Ledger.Verify.Json;

namespace Ledger.Verify.Anchoring;

/// <summary>A Sigstore bundle, written: the shape of <see cref="SigstoreBundleJson"/> in RFC 8785 form.</summary>
internal static class SigstoreBundleWriter
{
    public static byte[] Write(SigstoreBundle bundle)
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        if (bundle.Envelope is { } envelope) Write(ref json, envelope);
        json.Name("mediaType"u8);
        json.Text(SigstoreBundleJson.MediaType);
        if (bundle.Message is { } message) Write(ref json, message);
        json.Name("verificationMaterial"u8);
        json.StartObject();
        json.Name("publicKey"u8);
        json.StartObject();
        if (bundle.Hint is { } hint)
        {
            json.Name("hint"u8);
            json.Text(hint);
        }

        json.EndObject();
        if (bundle.Timestamps.Count > 0) Write(ref json, bundle.Timestamps);
        json.Name("tlogEntries"u8);
        json.StartArray();
        foreach (var entry in bundle.Entries) LogEntryJson.Write(ref json, entry);
        json.EndArray();
        json.EndObject();
        json.EndObject();
        return json.Finish();
    }

    private static void Write(ref JcsWriter json, BundledEnvelope envelope)
    {
        json.Name("dsseEnvelope"u8);
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
            if (signature.KeyId.Length > 0)
            {
                json.Name("keyid"u8);
                json.Text(signature.KeyId);
            }

            json.Name("sig"u8);
            json.Base64(signature.Signature);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    private static void Write(ref JcsWriter json, BundledSignature message)
    {
        json.Name("messageSignature"u8);
        json.StartObject();
        if (message.Digest is { } digest)
        {
            json.Name("messageDigest"u8);
            json.StartObject();
            json.Name("algorithm"u8);
            json.Text(ProtoEnums.Sha256);
            json.Name("digest"u8);
            json.Base64(digest.ToArray());
            json.EndObject();
        }

        json.Name("signature"u8);
        json.Base64(message.Signature);
        json.EndObject();
    }

    private static void Write(ref JcsWriter json, IReadOnlyList<byte[]> timestamps)
    {
        json.Name("timestampVerificationData"u8);
        json.StartObject();
        json.Name("rfc3161Timestamps"u8);
        json.StartArray();
        foreach (var timestamp in timestamps)
        {
            json.StartObject();
            json.Name("signedTimestamp"u8);
            json.Base64(timestamp);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }
}
