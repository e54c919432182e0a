using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>What a trusted root may say.</summary>
internal static class RootCases
{
    public static IEnumerable<Case> All()
    {
        var world = new World();
        var (v1, v2) = (world.Right(world.V1), world.Right(world.V2));
        Case Of(string name, bool accepted, SigstoreBundle bundle, Action<JsonNode> change, string? difference = null) =>
            new(world.Judged("root: " + name, bundle, world.RootWith(change)), accepted, difference);

        yield return Of("as we write it", true, v1, _ => { });
        yield return Of("another media type", false, v1, json => json["mediaType"] = "application/vnd.dev.sigstore.trustedroot.v0.2+json");
        yield return Of("an unknown member", false, v1, json => json["more"] = 1);
        yield return Of("no log of this id", false, v1, json => Log(json, 0)["logId"]!["keyId"] = Convert.ToBase64String(new byte[32]));
        yield return Of("v1 log at another address", true, v1, json => Log(json, 0)["baseUrl"] = "http://127.0.0.1:3000");
        yield return Of("v1 log without address", true, v1, json => Log(json, 0).AsObject().Remove("baseUrl"));
        yield return Of("v2 log without address", false, v2, json => Log(json, 1).AsObject().Remove("baseUrl"));
        yield return Of("v2 log without scheme", false, v2, json => Log(json, 1)["baseUrl"] = "rekor2.virtual.test");
        yield return Of("v2 log with port and path", true, v2, json => Log(json, 1)["baseUrl"] = "https://u@rekor2.virtual.test:8443/a?b");
        yield return Of("v2 log with two users", true, v2, json => Log(json, 1)["baseUrl"] = "https://a@b@rekor2.virtual.test:");
        yield return Of("v2 log without a scheme's name", true, v2, json => Log(json, 1)["baseUrl"] = "//rekor2.virtual.test", "base-url");
        foreach (var url in NoUrls) yield return Of("v2 log at " + url, false, v2, json => Log(json, 1)["baseUrl"] = url);
        foreach (var url in (string[])["https://a:port/", "%zz", ":", "https://[x"])
            yield return Of("v1 log at " + url, true, v1, json => Log(json, 0)["baseUrl"] = url);
        yield return Of("v2 log in capitals", false, v2, json => Log(json, 1)["baseUrl"] = "https://REKOR2.virtual.test");
        yield return Of("another hash algorithm", false, v1, json => Log(json, 0)["hashAlgorithm"] = "SHA2_512");
        yield return Of("numbers for names", true, v1, json =>
        {
            Log(json, 0)["hashAlgorithm"] = 1;
            Key(json, 0)["keyDetails"] = 5;
        });
        yield return Of("details of another key", false, v1, json => Key(json, 0)["keyDetails"] = "PKIX_ED25519");
        yield return Of("details that no log has", false, v1, json => Key(json, 0)["keyDetails"] = "PKIX_ED25519_PH");
        yield return Of("details of no name", false, v1, json => Key(json, 0)["keyDetails"] = "ROT13");
        yield return Of("no validity", false, v1, json => Key(json, 0).AsObject().Remove("validFor"));
        yield return Of("key ended before the promise", false, v1, json => Valid(json, 0)["end"] = "2026-11-21T20:56:27Z");
        yield return Of("key ended in the promise's second", false, v1, json => Valid(json, 0)["end"] = "2026-11-21T20:56:28.5Z");
        yield return Of("key begun after the promise", false, v1, json => Valid(json, 0)["start"] = "2027-01-01T00:00:00+01:00");
        yield return Of("key ended, and no promise", true, v2, json => Valid(json, 1)["end"] = "2021-01-01T00:00:00Z");
        yield return Of("a time without zone", false, v1, json => Valid(json, 0)["start"] = "2020-01-01T00:00:00");
        yield return Of("a time with nine digits", true, v1, json => Valid(json, 0)["start"] = "2020-01-01T00:00:00.123456789Z");
        yield return Of("a time in small letters", false, v1, json => Valid(json, 0)["start"] = "2020-01-01t00:00:00z");
        yield return Of("a time fifteen hours off", true, v1, json => Valid(json, 0)["start"] = "2020-01-01T00:00:00+15:00", "time");
        yield return Of("a time with a comma", true, v1, json => Valid(json, 0)["end"] = "2030-12-31T23:59:59,5Z", "time");
        yield return Of("two logs of one id, the last right", true, v1, json => Twice(json, wrongFirst: true));
        yield return Of("two logs of one id, the first right", false, v1, json => Twice(json, wrongFirst: false));
        yield return Of("no timestamp authority's certificate", false, v1, json =>
            json["timestampAuthorities"]![0]!["certChain"]!["certificates"] = new JsonArray());
        yield return Of("a certificate authority that is none", false, v1, json =>
            json["certificateAuthorities"]!.AsArray().Add("x"));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        yield return Of("a further log with a P-384 key", true, v1, json => Further(json, P384, p384.ExportSubjectPublicKeyInfo()));
        using var rsa = RSA.Create(2048);
        var (pkix, bare) = (rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey());
        yield return Of("a further log with an RSA key", true, v1, json => Further(json, Rsa, pkix));
        yield return Of("a further log with a bare RSA key", true, v1, json => Further(json, BareRsa, bare));
        yield return Of("a further log with a P-256 key for P-384", true, v1, json => Further(json, P384, world.V1.Trusted.Spki));
        foreach (var (details, spki) in ((string, byte[])[])
            [(P384, [0]), (P384, pkix), (Rsa, [0]), (Rsa, world.V1.Trusted.Spki), (Rsa, bare), (BareRsa, [0]), (BareRsa, pkix)])
        {
            var name = $"whose {details} key is none, {spki.Length} bytes";
            yield return Of("a further log " + name, false, v1, json => Further(json, details, spki));
            yield return Of("a CT log " + name, false, v1, json =>
            {
                Further(json, details, spki);
                var log = json["tlogs"]![2]!;
                json["tlogs"]!.AsArray().Remove(log);
                json["ctlogs"]!.AsArray().Add(log);
            });
        }

        yield return Of("a certificate authority without certificates", false, v1, json =>
            json["certificateAuthorities"]!.AsArray().Add(new JsonObject()));
        yield return Of("a further log whose id has 20 bytes", true, v1, json =>
        {
            var log = Log(json, 1).DeepClone();
            log["logId"]!["keyId"] = Convert.ToBase64String(new byte[20]);
            json["tlogs"]!.AsArray().Add(log);
        }, "log-id");
    }

    private const string P384 = "PKIX_ECDSA_P384_SHA_384", Rsa = "PKIX_RSA_PKCS1V15_2048_SHA256", BareRsa = "PKCS1_RSA_PKCS1V5";

    /// <summary>Addresses that have no host, or another one, whoever reads them.</summary>
    private static readonly string[] NoUrls =
    [
        "https://rekor2.virtual.test:port/", "https://rekor2.virtual.test/%zz", "https://rekor2.virtual.test#%zz",
        " https://rekor2.virtual.test", "https:// rekor2.virtual.test", "://rekor2.virtual.test", "1x://rekor2.virtual.test",
        "https://rekor2.virtual.test\\x", "https://%72ekor2.virtual.test", "https://[rekor2.virtual.test]", "https://[rekor2.virtual.test",
        "https://rekor2.virtual.test:1:2", "https://us er@rekor2.virtual.test", "https://rekor2.virtual.test/\u0001",
        "a/b://rekor2.virtual.test", "https://x?y://rekor2.virtual.test",
    ];

    private static void Further(JsonNode json, string details, byte[] spki)
    {
        var log = Log(json, 1).DeepClone();
        log["logId"]!["keyId"] = Convert.ToBase64String(SHA256.HashData(spki));
        log["publicKey"]!["keyDetails"] = details;
        log["publicKey"]!["rawBytes"] = Convert.ToBase64String(spki);
        json["tlogs"]!.AsArray().Add(log);
    }

    private static void Twice(JsonNode json, bool wrongFirst)
    {
        var wrong = Log(json, 0).DeepClone();
        wrong["publicKey"]!["rawBytes"] = Convert.ToBase64String(new VirtualSigner("another log").Spki);
        json["tlogs"]!.AsArray().Insert(wrongFirst ? 0 : 1, wrong);
    }

    private static JsonNode Log(JsonNode root, int index) => root["tlogs"]![index]!;

    private static JsonNode Key(JsonNode root, int index) => Log(root, index)["publicKey"]!;

    private static JsonNode Valid(JsonNode root, int index) => Key(root, index)["validFor"]!;
}
