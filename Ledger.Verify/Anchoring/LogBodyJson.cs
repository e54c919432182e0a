using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>The bodies of log entries, read. The log made them canonical, so base64 and shape have one spelling.</summary>
/*
{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"96f5…"}},
 "signature":{"content":"MEUC…","publicKey":{"content":"LS0tLS1CRUdJTiBQVUJMSUMg…"}}}}
{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"53HA…"},
 "signature":{"content":"MEQC…","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"MFkw…"}}}}}}
{"apiVersion":"0.0.1","kind":"dsse","spec":{"envelopeHash":{"algorithm":"sha256","value":"bdd3…"},
 "payloadHash":{"algorithm":"sha256","value":"868e…"},"signatures":[{"signature":"1kzD…","verifier":"LS0tLS1CRUdJTiBQVUJMSUMg…"}]}}
*/
internal static class LogBodyJson
{
    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.LogBodyBytes);

    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out LoggedContent? content, out FailureCode failure)
    {
        content = null;
        failure = FailureCode.LogBodyMalformed;
        if (body.Length > 2 * Limits.LogBodyBytes || !StrictJson.TryParse(body, Document, out var root, out _)) return false;
        var (version, kind, spec) = (root.Text("apiVersion"), root.Text("kind"), root.Child("spec"));
        LoggedContent? read;
        switch (kind, version)
        {
            case (LoggedContent.HashedRekord, LoggedContent.V1): read = HashedRekordV1(spec); break;
            case (LoggedContent.HashedRekord, LoggedContent.V2): read = HashedRekordV2(spec.Child("hashedRekordV002")); break;
            case (LoggedContent.Dsse, LoggedContent.V1): read = Dsse(spec); break;
            default:
                failure = FailureCode.LogBodyKindUnknown;
                return false;
        }

        if (!root.Complete(out _) || read is null) return false;
        content = read;
        failure = default;
        return true;
    }

    private static LoggedContent? HashedRekordV1(StrictJson spec)
    {
        var (algorithm, data) = Hash(spec.Child("data").Child("hash"));
        var signature = spec.Child("signature");
        var content = signature.Base64("content");
        var key = SpkiOf(signature.Child("publicKey").Base64("content"));
        return key is null || !HasLength(algorithm, data) || content.Length == 0
            ? null
            : new(LoggedContent.HashedRekord, LoggedContent.V1, algorithm, data, [new(content, key)], null);
    }

    private static LoggedContent? HashedRekordV2(StrictJson record)
    {
        var (data, signature) = (record.Child("data"), record.Child("signature"));
        var (algorithm, digest) = (AlgorithmOf(data.Text("algorithm")), data.Base64("digest"));
        var (content, verifier) = (signature.Base64("content"), signature.Child("verifier"));
        var (details, key) = (verifier.Text("keyDetails"), verifier.Child("publicKey").Base64("rawBytes"));
        return content.Length == 0 || !HasLength(algorithm, digest) || !Agree(key, details, algorithm)
            ? null
            : new(LoggedContent.HashedRekord, LoggedContent.V2, algorithm, digest, [new(content, key)], null);
    }

    private static LoggedContent? Dsse(StrictJson spec)
    {
        var (envelopeAlgorithm, envelope) = Hash(spec.Child("envelopeHash"));
        var (payloadAlgorithm, payload) = Hash(spec.Child("payloadHash"));
        var signatures = new List<LoggedSignature>();
        var readable = true;
        foreach (var item in spec.Children("signatures"))
        {
            // The envelope's own spelling, which nobody has made canonical.
            readable &= LenientBase64.TryDecodeStandard(item.Text("signature"), out var signature);
            var key = SpkiOf(item.Base64("verifier"));
            readable &= key is not null;
            signatures.Add(new(signature, key ?? []));
        }

        return !readable || signatures.Count == 0 || (envelopeAlgorithm, payloadAlgorithm) != ("sha256", "sha256")
            || envelope.Length != Digest.Size || payload.Length != Digest.Size
            ? null
            : new(LoggedContent.Dsse, LoggedContent.V1, payloadAlgorithm, payload, signatures, new Digest(envelope));
    }

    private static (string Algorithm, byte[] Value) Hash(StrictJson hash)
    {
        var (algorithm, value) = (hash.Text("algorithm"), hash.Text("value"));
        try
        {
            // Rekor v1 keeps the case in which the digest was posted.
            return (algorithm, Convert.FromHexString(value));
        }
        catch (FormatException)
        {
            return (algorithm, []);
        }
    }

    private static byte[]? SpkiOf(byte[] pem) => Spki.TryReadPem(Encoding.Latin1.GetString(pem), out var spki) ? spki : null;

    private static string AlgorithmOf(string name) => name switch
    {
        ProtoEnums.Sha256 => "sha256",
        "SHA2_384" => "sha384",
        "SHA2_512" => "sha512",
        _ => "",
    };

    private static bool HasLength(string algorithm, byte[] digest) => digest.Length == algorithm switch
    {
        "sha256" => 32,
        "sha384" => 48,
        "sha512" => 64,
        _ => -1,
    };

    /// <summary>A key of the kinds that this verifier knows is logged in one way only; of others the log knows best.</summary>
    private static bool Agree(byte[] spki, string details, string algorithm)
    {
        if (EcdsaP256.IsKey(spki)) return (details, algorithm) == (ProtoEnums.EcdsaP256, "sha256");
        return !Spki.TryReadEd25519(spki, out _) || (details, algorithm) == (ProtoEnums.Ed25519Ph, "sha512");
    }
}
