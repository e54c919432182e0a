using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Rekor2.Requests;

/// <summary>
/// What is logged, RFC 8785:
/// <code>{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":base64},
/// "signature":{"content":base64,"verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":base64}}}}}}</code>
/// </summary>
internal static class CanonicalBody
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(KeyDetails details, byte[] digest, byte[] signature, byte[] verifier, bool isCertificate)
    {
        var spec = new JsonObject
        {
            ["data"] = new JsonObject { ["algorithm"] = details.Hash, ["digest"] = Convert.ToBase64String(digest) },
            ["signature"] = new JsonObject
            {
                ["content"] = Convert.ToBase64String(signature),
                ["verifier"] = new JsonObject
                {
                    ["keyDetails"] = details.Name,
                    [isCertificate ? "x509Certificate" : "publicKey"] = new JsonObject { ["rawBytes"] = Convert.ToBase64String(verifier) },
                },
            },
        };
        var body = new JsonObject
        {
            ["apiVersion"] = "0.0.2",
            ["kind"] = "hashedrekord",
            ["spec"] = new JsonObject { ["hashedRekordV002"] = spec },
        };
        return JsonSerializer.SerializeToUtf8Bytes(body, Plain);
    }
}
