using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// A Sigstore bundle, read. https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
/// </summary>
/*
{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
 "messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":"53HA…"},"signature":"MEQC…"},
 "verificationMaterial":{"publicKey":{"hint":"X/tr…"},"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"MIIF…"}]},
  "tlogEntries":[{"logIndex":"1","logId":{"keyId":"FT2x…"},"kindVersion":{"kind":"hashedrekord","version":"0.0.2"},
   "inclusionProof":{"logIndex":"1","rootHash":"uqHD…","treeSize":"2","hashes":["gMGc…"],
    "checkpoint":{"envelope":"rekor2.loopback.test\n2\n…"}},"canonicalizedBody":"eyJh…"}]}}
or "dsseEnvelope":{"payload":"eyJf…","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"SHA256:…","sig":"MEQC…"}]}
*/
internal static partial class SigstoreBundleJson
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    // A semantic version's patch, pre-release and build are let pass, as by cosign.
    [GeneratedRegex(@"^application/vnd\.dev\.sigstore\.bundle(\+json;version=0\.3|\.v0\.3(\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?)?\+json)\z")]
    private static partial Regex Version03 { get; }

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SigstoreBundle? bundle, out FailureCode failure)
    {
        bundle = null;
        failure = FailureCode.SigstoreBundleMalformed;
        if (!ProtoJson.TryParse(json, Limits.SigstoreBundleBytes, out var file)) return false;
        var mediaType = file.Text("mediaType");
        var (message, envelope) = (file.Child("messageSignature"), file.Child("dsseEnvelope"));
        var (material, sound) = (file.Child("verificationMaterial"), true);
        var key = material?.Child("publicKey");
        var hint = key?.Text("hint");
        // The other two of the oneof: unset is as good as not there.
        sound &= material?.Child("certificate") is null && material?.Child("x509CertificateChain") is null;
        var timestamps = material?.Child("timestampVerificationData")?.Children("rfc3161Timestamps")
            .Select(item => item.Bytes("signedTimestamp") ?? []).ToArray() ?? [];
        var entries = new List<LogEntry>();
        foreach (var item in material?.Children("tlogEntries") ?? [])
        {
            sound &= LogEntryJson.TryRead(item, out var entry);
            if (entry is not null) entries.Add(entry);
        }

        var read = new SigstoreBundle(
            hint is { Length: > 0 } ? hint : null,
            message is null ? null : ReadMessage(message),
            envelope is null ? null : ReadEnvelope(envelope),
            entries,
            timestamps);
        if (!file.Complete()) return false;
        if (!Version03.IsMatch(mediaType))
        {
            failure = FailureCode.SigstoreBundleVersionUnknown;
            return false;
        }

        if (!sound || key is null || message is null == envelope is null) return false;
        bundle = read;
        failure = default;
        return true;
    }

    private static BundledSignature ReadMessage(ProtoJson message)
    {
        var hash = message.Child("messageDigest");
        var (algorithm, digest) = (hash?.Enum("algorithm", ProtoEnums.HashAlgorithms), hash?.Bytes("digest"));
        var known = algorithm == ProtoEnums.Sha256 && digest is { Length: Digest.Size };
        return new BundledSignature(known ? new Digest(digest) : null, message.Bytes("signature") ?? []);
    }

    private static BundledEnvelope ReadEnvelope(ProtoJson envelope)
    {
        var (payload, type) = (envelope.Bytes("payload") ?? [], envelope.Text("payloadType"));
        var signatures = envelope.Children("signatures")
            .Select(item => new BundledEnvelopeSignature(item.Text("keyid"), item.Bytes("sig") ?? [])).ToArray();
        return new BundledEnvelope(payload, type, signatures);
    }
}
