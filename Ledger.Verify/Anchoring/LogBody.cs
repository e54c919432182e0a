using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>Canonical bodies of log entries: hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1, each in its RFC 8785 form.</summary>
public static class LogBody
{
    /// <summary>The body that Rekor v1 makes of a hashedrekord 0.0.1.</summary>
    /// <param name="digest">SHA-256 of the artifact.</param>
    /// <param name="signature">DER ECDSA.</param>
    /// <param name="pem">The key as <see cref="Spki.ToPem"/> writes it.</param>
    public static byte[] HashedRekordV1(Digest digest, byte[] signature, string pem)
    {
        var json = Start(LoggedContent.V1, LoggedContent.HashedRekord);
        json.Name("data"u8);
        json.StartObject();
        WriteHash(ref json, "hash"u8, digest);
        json.EndObject();
        json.Name("signature"u8);
        json.StartObject();
        json.Name("content"u8);
        json.Base64(signature);
        json.Name("publicKey"u8);
        json.StartObject();
        json.Name("content"u8);
        json.Base64(Encoding.UTF8.GetBytes(pem));
        json.EndObject();
        json.EndObject();
        return End(ref json);
    }

    /// <summary>The body that Rekor v2 makes of a hashedrekord 0.0.2 by an ECDSA P-256 key.</summary>
    /// <param name="digest">SHA-256 of the artifact.</param>
    /// <param name="signature">DER ECDSA.</param>
    /// <param name="spki">The key's DER.</param>
    public static byte[] HashedRekordV2(Digest digest, byte[] signature, byte[] spki)
    {
        var json = Start(LoggedContent.V2, LoggedContent.HashedRekord);
        json.Name("hashedRekordV002"u8);
        json.StartObject();
        json.Name("data"u8);
        json.StartObject();
        json.Name("algorithm"u8);
        json.Text(ProtoEnums.Sha256);
        json.Name("digest"u8);
        json.Base64(digest.ToArray());
        json.EndObject();
        json.Name("signature"u8);
        json.StartObject();
        json.Name("content"u8);
        json.Base64(signature);
        json.Name("verifier"u8);
        json.StartObject();
        json.Name("keyDetails"u8);
        json.Text(ProtoEnums.EcdsaP256);
        json.Name("publicKey"u8);
        json.StartObject();
        json.Name("rawBytes"u8);
        json.Base64(spki);
        json.EndObject();
        json.EndObject();
        json.EndObject();
        json.EndObject();
        return End(ref json);
    }

    /// <summary>The body that Rekor v1 makes of a dsse 0.0.1.</summary>
    /// <param name="envelopeHash">SHA-256 of the envelope's JSON exactly as it was posted.</param>
    /// <param name="payloadHash">SHA-256 of the decoded payload.</param>
    /// <param name="signatures">The envelope's signatures, each with its key as <see cref="Spki.ToPem"/> writes it.</param>
    public static byte[] DsseV1(Digest envelopeHash, Digest payloadHash, IReadOnlyList<(byte[] Signature, string Pem)> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        var json = Start(LoggedContent.V1, LoggedContent.Dsse);
        WriteHash(ref json, "envelopeHash"u8, envelopeHash);
        WriteHash(ref json, "payloadHash"u8, payloadHash);
        json.Name("signatures"u8);
        json.StartArray();
        foreach (var (signature, pem) in signatures.OrderBy(item => Convert.ToBase64String(item.Signature), StringComparer.Ordinal))
        {
            json.StartObject();
            json.Name("signature"u8);
            json.Base64(signature);
            json.Name("verifier"u8);
            json.Base64(Encoding.UTF8.GetBytes(pem));
            json.EndObject();
        }

        json.EndArray();
        return End(ref json);
    }

    /// <summary>Reads a body of a kind and version that is known; every other is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out LoggedContent? content, out FailureCode failure) =>
        LogBodyJson.TryRead(body, out content, out failure);

    private static JcsWriter Start(string version, string kind)
    {
        var json = new JcsWriter(1024);
        json.StartObject();
        json.Name("apiVersion"u8);
        json.Text(version);
        json.Name("kind"u8);
        json.Text(kind);
        json.Name("spec"u8);
        json.StartObject();
        return json;
    }

    private static byte[] End(ref JcsWriter json)
    {
        json.EndObject();
        json.EndObject();
        return json.Finish();
    }

    private static void WriteHash(ref JcsWriter json, ReadOnlySpan<byte> name, Digest digest)
    {
        json.Name(name);
        json.StartObject();
        json.Name("algorithm"u8);
        json.Text("sha256");
        json.Name("value"u8);
        json.Hex(digest);
        json.EndObject();
    }
}
