using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Tests.Clients;

/// <summary>A Sigstore trusted_root.json, written as plainly as it can be.</summary>
internal static class TrustedRoot
{
    private const string From = "2020-01-01T00:00:00Z";

    /// <param name="logs">Base URL, whose host is a v2 log's origin; PEM; id; key details.</param>
    /// <param name="chain">Of the timestamping authority, PEM, leaf first.</param>
    public static string Json(IEnumerable<(string BaseUrl, string Pem, byte[] LogId, string Details)> logs, string chain)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(chain);
        var root = new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            ["tlogs"] = new JsonArray([.. logs.Select(static log => new JsonObject
            {
                ["baseUrl"] = log.BaseUrl,
                ["hashAlgorithm"] = "SHA2_256",
                ["publicKey"] = new JsonObject
                {
                    ["rawBytes"] = Convert.ToBase64String(Der(log.Pem)),
                    ["keyDetails"] = log.Details,
                    ["validFor"] = new JsonObject { ["start"] = From },
                },
                ["logId"] = new JsonObject { ["keyId"] = Convert.ToBase64String(log.LogId) },
            })]),
            ["certificateAuthorities"] = new JsonArray(),
            ["ctlogs"] = new JsonArray(),
            ["timestampAuthorities"] = new JsonArray(new JsonObject
            {
                ["subject"] = new JsonObject { ["organization"] = "test", ["commonName"] = "test" },
                ["uri"] = "http://tsa.test",
                ["certChain"] = new JsonObject
                {
                    ["certificates"] = new JsonArray([.. certificates
                        .Select(static c => new JsonObject { ["rawBytes"] = Convert.ToBase64String(c.RawData) })]),
                },
                ["validFor"] = new JsonObject { ["start"] = From },
            }),
        };
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    public static byte[] Der(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
}
