using Ledger.Verify.Anchoring;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>
/// What an entry's body says that matters to a sweep. It reads one kind more than can be an anchor, <c>rekord</c>: anybody may log an
/// anchor's body and signature once more in that form, and that is no foreign entry.
/// </summary>
/// <param name="IsDigest">Whether the signatures are over a SHA-256 digest, and not over an envelope.</param>
/// <param name="Data">The digest, or the envelope's payload hash.</param>
/// <param name="Signatures">With their keys.</param>
internal sealed record SweptBody(bool IsDigest, byte[] Data, IReadOnlyList<LoggedSignature> Signatures)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out SweptBody content)
    {
        content = new SweptBody(false, [], []);
        if (LogBody.TryParse(body, out var logged, out _))
        {
            var isDigest = logged.Kind == "hashedrekord" && logged is { Algorithm: "sha256", Data.Length: Digest.Size };
            content = new SweptBody(isDigest, logged.Data, logged.Signatures);
            return true;
        }

        return TryParseRekord(body, ref content);
    }

    // Example: {"apiVersion":"0.0.1","kind":"rekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"96f5…"}},
    // "signature":{"content":"MEUC…","format":"x509","publicKey":{"content":"LS0t…"}}}}
    private static bool TryParseRekord(ReadOnlySpan<byte> body, ref SweptBody content)
    {
        if (!StrictJson.TryParse(body, new JsonLimits(Limits.DocumentDepth, Limits.LogBodyBytes), out var root, out _)) return false;
        var (version, kind, spec) = (root.Text("apiVersion"), root.Text("kind"), root.Child("spec"));
        var hash = spec.Child("data").Child("hash");
        var (algorithm, digest) = (hash.Text("algorithm"), hash.Hex("value"));
        var signature = spec.Child("signature");
        var (bytes, format) = (signature.Base64("content"), signature.Text("format"));
        var pem = System.Text.Encoding.Latin1.GetString(signature.Child("publicKey").Base64("content"));
        if (!root.Complete(out _) || (kind, version, algorithm, format) != ("rekord", "0.0.1", "sha256", "x509")) return false;
        if (!Spki.TryReadPem(pem, out var spki)) return false;
        content = new SweptBody(true, digest.ToArray(), [new LoggedSignature(bytes, spki)]);
        return true;
    }
}
