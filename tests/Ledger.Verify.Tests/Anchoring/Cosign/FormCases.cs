using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>How a bundle and its statement may be written.</summary>
internal static class FormCases
{
    public static IEnumerable<Case> All()
    {
        var world = new World();
        var right = world.Right(world.V1).ToBytes();
        Case Accept(string name, byte[] bundle, string? difference = null) => new(world.Judged(name, bundle), true, difference);
        Case Refuse(string name, byte[] bundle) => new(world.Judged(name, bundle), false);
        byte[] With(Action<JsonNode> change) => World.Changed(right, change);
        byte[] Text(string from, string to) =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(right).Replace(from, to, StringComparison.Ordinal));

        const string mediaType = "application/vnd.dev.sigstore.bundle";
        yield return Accept("media type with a parameter", With(json => json["mediaType"] = mediaType + "+json;version=0.3"));
        yield return Accept("media type of a patch version", With(json => json["mediaType"] = mediaType + ".v0.3.1+json"));
        yield return Refuse("media type of the next version", With(json => json["mediaType"] = mediaType + ".v0.4+json"));
        yield return Refuse("media type of no version", With(json => json["mediaType"] = mediaType + "+json"));
        yield return Refuse("media type with a leading zero", With(json => json["mediaType"] = mediaType + ".v0.03+json"));
        yield return Accept("version 0.2", With(json => json["mediaType"] = mediaType + "+json;version=0.2"), "version");
        yield return Accept("version 0.1", With(json => json["mediaType"] = mediaType + "+json;version=0.1"), "version");
        yield return Refuse("a member twice", Text("\"mediaType\":", "\"mediaType\":\"x\",\"mediaType\":"));
        yield return Refuse("a member in both spellings", Text("\"mediaType\":", "\"media_type\":\"x\",\"mediaType\":"));
        yield return Refuse("something after it", [.. right, (byte)'x']);
        yield return Refuse("a byte order mark", [0xef, 0xbb, 0xbf, .. right]);
        yield return Refuse("not UTF-8", Text("\"hint\":\"", "\"hint\":\"é").Select(b => b == 0xc3 ? (byte)0xff : b).ToArray());
        yield return Refuse("half of a surrogate pair", Text("\"hint\":\"", "\"hint\":\"\\ud800"));
        yield return Accept("U+0000 in the hint", Text("\"hint\":\"", "\"hint\":\"\\u0000"), "json");
        yield return Accept("an algorithm by its number", Text("\"SHA2_256\"", "1"));
        yield return Refuse("an algorithm of another number", Text("\"SHA2_256\"", "2"));
        const string certificate = "\"certificate\":{\"rawBytes\":\"AAAA\"},\"publicKey\":{";
        yield return Refuse("a certificate beside the key", Text("\"publicKey\":{", certificate));
        yield return Refuse("message and envelope", With(json => json["dsseEnvelope"] = new JsonObject()));
        yield return Accept("no hint", With(json => json["verificationMaterial"]!["publicKey"] = new JsonObject()));
        yield return Accept("no certificate, said so", With(json => json["verificationMaterial"]!["certificate"] = null));
        yield return Accept("an index with an exponent", With(json => Entry(json)["inclusionProof"]!["treeSize"] = "40e-1"));
        yield return Refuse("an index that is hexadecimal", With(json => Entry(json)["logIndex"] = "0x1"));

        byte[] Second(Action<JsonNode> change) => With(json =>
        {
            var second = Entry(json).DeepClone();
            change(second);
            json["verificationMaterial"]!["tlogEntries"]!.AsArray().Add(second);
        });
        var shortId = Convert.ToBase64String(new byte[20]);
        yield return Accept("beside it an entry whose log id has 20 bytes", Second(e => e["logId"]!["keyId"] = shortId), "passed-over");
        yield return Accept("beside it an entry with a promise and no proof", WithoutProof(world), "proof");
        foreach (var statement in Statements(world)) yield return statement;
    }

    private static IEnumerable<Case> Statements(World world)
    {
        var digest = Digest.Sha256(World.Artifact);
        var sha512 = Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(World.Artifact));
        Case Of(string name, bool accepted, string subject, string more = "", string predicate = "{}")
        {
            var statement = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":" + subject + "," + more
                + "\"predicateType\":\"p\",\"predicate\":" + predicate + "}";
            return new(world.Judged("statement: " + name, world.Envelope(world.V1, Encoding.UTF8.GetBytes(statement))), accepted);
        }

        string Subject(string algorithm, string hex, string more = "") =>
            "{\"name\":\"a\"," + more + $"\"digest\":{{\"{algorithm}\":\"{hex}\"}}}}";
        var (right, wrong) = (Subject("sha256", digest.ToHex()), Subject("sha256", Digest.Zero.ToHex()));

        yield return Of("one subject", true, $"[{right}]");
        yield return Of("the second of two subjects", true, $"[{wrong},{right}]");
        yield return Of("another subject", false, $"[{wrong}]");
        yield return Of("no subject", false, "[]");
        yield return Of("a digest in capitals", true, $"[{Subject("sha256", digest.ToHex().ToUpperInvariant())}]");
        yield return Of("SHA-512", true, $"[{Subject("sha512", sha512)}]");
        yield return Of("SHA-512 under its other name", true, $"[{Subject("SHA2_512", sha512)}]");
        yield return Of("an unknown algorithm alone", false, $"[{Subject("sha1", new string('0', 40))}]");
        yield return Of("an unknown algorithm beside", true, $"[{Subject("sha1", "00")},{right}]");
        yield return Of("a strong wrong digest beside the right one", false,
            $$"""[{"name":"a","digest":{"sha256":"{{digest}}","sha512":"{{new string('0', 128)}}"} }]""");
        const string all = """
            "uri":"u","mediaType":"m","downloadLocation":"d","content":"AAAA","annotations":{"x":[1]},
            """;
        yield return Of("all members of a subject", true, $"[{Subject("sha256", digest.ToHex(), all)}]");
        yield return Of("an unknown member of a subject", false, $"[{Subject("sha256", digest.ToHex(), "\"x\":1,")}]");
        yield return Of("an unknown member", false, $"[{right}]", "\"x\":1,");
        yield return Of("a digest that is a number", false, """[{"name":"a","digest":{"sha256":1}}]""");
        yield return Of("a predicate that is no object", false, $"[{right}]", predicate: "1");
        yield return Of("a predicate with much in it", true, $"[{right}]", predicate: "{\"a\":[{\"b\":null},1.5e300]}");
        yield return new(world.Judged("envelope of another type", Retyped(world, "text/plain")), false);
    }

    private static SigstoreBundle Retyped(World world, string type)
    {
        var payload = VirtualAnchor.Statement(Digest.Sha256(World.Artifact));
        var signature = world.Signer.Sign(Verify.Entries.Dsse.Pae(type, payload));
        var body = LogBody.DsseV1(Digest.Zero, Digest.Sha256(payload), [(signature, world.Signer.Pem)]);
        var envelope = new BundledEnvelope(payload, type, [new("", signature)]);
        return new SigstoreBundle(null, null, envelope, [world.V1.Entry(world.V1.Add(body))], []);
    }

    private static byte[] WithoutProof(World world)
    {
        var right = world.Right(world.V1);
        var again = world.V1.Entry(world.V1.Add(right.Entries[0].CanonicalizedBody));
        return World.Changed(
            (right with { Entries = [right.Entries[0], again] }).ToBytes(),
            json => json["verificationMaterial"]!["tlogEntries"]![1]!.AsObject().Remove("inclusionProof"));
    }

    private static JsonNode Entry(JsonNode bundle) => bundle["verificationMaterial"]!["tlogEntries"]![0]!;
}
