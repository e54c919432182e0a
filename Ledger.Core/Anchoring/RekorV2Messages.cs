using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>The protobuf-JSON of Rekor v2: 64-bit numbers are text, bytes and hashes base64.
/// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_rekor.proto</summary>
internal static class RekorV2Messages
{
    public const string Kind = "hashedrekord";
    public const string KindVersion = "0.0.2";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <remarks>Raw: <c>{"hashedRekordRequestV002":{"digest":"53HA…","signature":{"content":"MEUC…","verifier":{"publicKey":{"rawBytes":
    /// "MFkw…"},"keyDetails":"PKIX_ECDSA_P256_SHA_256"}}}}</c></remarks>
    public static byte[] HashedRekord(LogSubmission submission) => Write(json =>
    {
        json.WriteStartObject("hashedRekordRequestV002");
        json.WriteBase64String("digest", submission.Digest.ToArray());
        json.WriteStartObject("signature");
        json.WriteBase64String("content", submission.Signature);
        json.WriteStartObject("verifier");
        json.WriteStartObject("publicKey");
        json.WriteBase64String("rawBytes", submission.Spki);
        json.WriteEndObject();
        json.WriteString("keyDetails", "PKIX_ECDSA_P256_SHA_256");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <remarks>Raw: <c>{"logIndex":"0", "logId":{"keyId":"FT2x…"}, "kindVersion":{"kind":"hashedrekord", "version":"0.0.2"},
    /// "integratedTime":"0", "inclusionPromise":null, "inclusionProof":{"logIndex":"0", "rootHash":"gMGc…", "treeSize":"1", "hashes":[],
    /// "checkpoint":{"envelope":"log.example.com\n1\ngMGc…\n\n— log.example.com FT2x…\n"}}, "canonicalizedBody":"eyJh…"}</c></remarks>
    public static LogEntry Entry(byte[] answer)
    {
        var told = AnswerJson.Parse(answer);
        var (kind, proof) = (told.Child("kindVersion"), told.Child("inclusionProof"));
        return new LogEntry(
            told.NumberText("logIndex"), told.Child("logId").Base64Digest("keyId"), kind.Text("kind"), kind.Text("version"),
            // A v2 log states no time: whatever stands here is signed by nobody.
            IntegratedTime: 0, SignedEntryTimestamp: null,
            new LogInclusion(proof.NumberText("logIndex"), proof.Base64Digest("rootHash"), proof.NumberText("treeSize"),
                Hashes(proof), proof.Child("checkpoint").Text("envelope")),
            told.Base64("canonicalizedBody"));
    }

    /// <summary>The answer that the log gives to a new entry, for one whose parts were read from its tiles.</summary>
    public static byte[] Answer(LogEntry entry) => Write(json =>
    {
        json.WriteString("logIndex", Digits(entry.LogIndex));
        json.WriteStartObject("logId");
        json.WriteBase64String("keyId", entry.LogId.ToArray());
        json.WriteEndObject();
        json.WriteStartObject("kindVersion");
        json.WriteString("kind", entry.Kind);
        json.WriteString("version", entry.Version);
        json.WriteEndObject();
        json.WriteString("integratedTime", "0");
        json.WriteNull("inclusionPromise");
        json.WriteStartObject("inclusionProof");
        json.WriteString("logIndex", Digits(entry.Inclusion.LogIndex));
        json.WriteBase64String("rootHash", entry.Inclusion.RootHash.ToArray());
        json.WriteString("treeSize", Digits(entry.Inclusion.TreeSize));
        json.WriteStartArray("hashes");
        foreach (var hash in entry.Inclusion.Hashes) json.WriteBase64StringValue(hash.ToArray());
        json.WriteEndArray();
        json.WriteStartObject("checkpoint");
        json.WriteString("envelope", entry.Inclusion.Checkpoint);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteBase64String("canonicalizedBody", entry.CanonicalizedBody);
    });

    private static List<Digest> Hashes(JsonElement proof)
    {
        var hashes = new List<Digest>();
        if (!proof.Has("hashes")) return hashes;
        foreach (var hash in proof.Items("hashes"))
        {
            if (hashes.Count == Limits.ProofHashes || hash.ValueKind != JsonValueKind.String
                || !CanonicalBase64.TryDecodeDigest(hash.GetString(), out var digest))
                throw AnswerJson.Wrong("has a proof that is not one");
            hashes.Add(digest);
        }
        return hashes;
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
