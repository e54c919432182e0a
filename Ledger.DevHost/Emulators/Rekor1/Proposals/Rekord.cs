using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// rekord 0.0.1: a signature over an artifact that is sent along; its hash alone is logged. Of the formats only x509.
/// <code>{"data":{"content":base64},"signature":{"format":"x509","content":base64,"publicKey":{"content":base64 of PEM}}}</code>
/// </summary>
internal static class Rekord
{
    /// <exception cref="Refused">Of a wrong shape, or the signature does not verify.</exception>
    public static CanonicalEntry Read(JsonElement spec)
    {
        var data = Field.Object(spec, "data");
        var artifact = Field.Bytes(data, "content", "data content");
        var hash = Field.Object(data, "hash");
        var signature = Field.Object(spec, "signature");
        var content = Field.Bytes(signature, "content", "signature content");
        var key = Field.Object(signature, "publicKey");
        var pem = Field.Bytes(key, "content", "signature publicKey content");
        var faults = ShapeFaults(data, hash, signature, key).ToArray();
        if (faults.Length > 0)
            throw Refused.Shape(faults);
        if (artifact is null or [])
            throw new Refused(
                hash is null ? "'content' must be specified for data" : "entry not insertable into log: missing data content");
        var verifier = Verifier.Parse(pem ?? []);
        var value = Convert.ToHexStringLower(SHA256.HashData(artifact));
        if (Field.Text(hash, "value") is { } claimed && claimed != value)
            throw new Refused($"SHA mismatch: {value} != {claimed}");
        if (SignatureFault.Of(verifier.Key, k => k.VerifyMessage(artifact, content ?? []), content ?? []) is { } fault)
            throw new Refused(verifier.Key.Kind == KeyKind.Ed25519 ? "failed to verify signature" : fault);

        var logged = new JsonObject
        {
            ["data"] = new JsonObject { ["hash"] = CanonicalEntry.Hash("sha256", value) },
            ["signature"] = new JsonObject
            {
                ["content"] = Convert.ToBase64String(content!),
                ["format"] = "x509",
                ["publicKey"] = new JsonObject { ["content"] = verifier.Base64 },
            },
        };
        return CanonicalEntry.Of("rekord", logged, [verifier.Hash, .. verifier.Emails, "sha256:" + value]);
    }

    private static IEnumerable<string> ShapeFaults(JsonElement? data, JsonElement? hash, JsonElement? signature, JsonElement? key)
    {
        const string algorithm = "data.data.hash.data.hash.algorithm in body ", at = "signature.signature.";
        if (data is null)
            yield return "data in body is required";
        else if (hash is not null && Field.Text(hash, "algorithm") != "sha256")
            yield return algorithm + (Field.Text(hash, "algorithm") is null ? "is required" : "should be one of [sha256]");
        if (signature is null)
            yield return "signature in body is required";
        else if (Field.Text(signature, "content") is null)
            yield return at + "content in body is required";
        else if (Field.Text(signature, "format") is not { } format)
            yield return at + "format in body is required";
        else if (format is not ("pgp" or "minisign" or "x509" or "ssh"))
            yield return at + "format in body should be one of [pgp minisign x509 ssh]";
        else if (key is null)
            yield return at + "publicKey in body is required";
        else if (format != "x509")
            yield return at + "format in body should be x509: this emulator knows no other";
    }
}
