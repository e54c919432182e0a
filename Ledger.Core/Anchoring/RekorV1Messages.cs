using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Signing;

namespace Ledger.Core.Anchoring;

/// <summary>The JSON that Rekor v1 takes. https://github.com/sigstore/rekor/tree/main/pkg/types</summary>
internal static class RekorV1Messages
{
    // Everything here is hex, base64 or an envelope's own text: nothing for HTML to be escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Proposal(LogSubmission submission) =>
        submission.Kind == LogSubmissionKind.Dsse ? Dsse(submission) : HashedRekord(submission);

    /// <remarks>Raw: <c>{"hash":"sha256:96f5…"}</c></remarks>
    public static byte[] Search(Digest artifact) => Write(json => json.WriteString("hash", $"sha256:{artifact}"));

    /// <remarks>Raw: <c>{"entryUUIDs":["2732…","…"]}</c></remarks>
    public static byte[] Retrieve(IEnumerable<string> ids) => Write(json =>
    {
        json.WriteStartArray("entryUUIDs");
        foreach (var id in ids) json.WriteStringValue(id);
        json.WriteEndArray();
    });

    /// <remarks>Raw: <c>{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"96f5…"}},
    /// "signature":{"content":"MEUC…","publicKey":{"content":"LS0t…"}}}}</c>; the key is base64 of its PEM.</remarks>
    private static byte[] HashedRekord(LogSubmission submission) => Write(json =>
    {
        Begin(json, "hashedrekord");
        json.WriteStartObject("data");
        json.WriteStartObject("hash");
        json.WriteString("algorithm", "sha256");
        json.WriteString("value", submission.Digest.ToHex());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("signature");
        json.WriteBase64String("content", submission.Signature);
        json.WriteStartObject("publicKey");
        json.WriteBase64String("content", Pem(submission.Spki));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <remarks>Raw: <c>{"apiVersion":"0.0.1","kind":"dsse","spec":{"proposedContent":{"envelope":"{\"payload\":…}",
    /// "verifiers":["LS0t…"]}}}</c>; the log hashes the envelope's text as it is posted.</remarks>
    private static byte[] Dsse(LogSubmission submission) => Write(json =>
    {
        Begin(json, "dsse");
        json.WriteStartObject("proposedContent");
        json.WriteString("envelope", submission.Envelope);
        json.WriteStartArray("verifiers");
        json.WriteBase64StringValue(Pem(submission.Spki));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Begin(Utf8JsonWriter json, string kind)
    {
        json.WriteString("apiVersion", "0.0.1");
        json.WriteString("kind", kind);
        json.WriteStartObject("spec");
    }

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

    private static byte[] Pem(byte[] spki) => Encoding.ASCII.GetBytes(Spki.ToPem(spki));
}
