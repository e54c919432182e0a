using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>Timestamps, each once without and once with --use-signed-timestamps.</summary>
internal static class TimestampCases
{
    public static IEnumerable<Case> All() => Asked().SelectMany(asked => new[] { asked, NotAsked(asked.Judged) });

    private static Case NotAsked(JudgedBundle judged) => new(judged with { Name = judged.Name + ", not asked for" }, Accepted: true);

    private static IEnumerable<Case> Asked()
    {
        var world = new World();
        var bundle = world.Right(world.V2);
        var signature = bundle.Message!.Signature;
        Case Of(string name, bool accepted, byte[]? root = null, string? difference = null, params byte[][] stamps) =>
            new(world.Judged("timestamp: " + name, bundle with { Timestamps = stamps }, root), accepted, difference, Timestamps: true);
        Case By(string name, bool accepted, VirtualTsa tsa, DateTimeOffset? time = null) =>
            new(world.Judged("timestamp: " + name, bundle with { Timestamps = [tsa.Stamp(signature, time)] },
                new TrustedRoot([world.V2.Trusted], [tsa.Trusted]).ToBytes()), accepted, Timestamps: true);

        var right = world.Tsa.Stamp(signature);
        yield return Of("right", true, null, null, right);
        yield return Of("none", false);
        yield return Of("without its certificate", true, null, null, world.Tsa.Stamp(signature, withCertificates: false));
        yield return Of("of the artifact", false, null, null, world.Tsa.Stamp(World.Artifact));
        yield return Of("of another authority", false, null, null, new VirtualTsa("other").Stamp(signature));
        yield return Of("of another authority beside", true, null, null, new VirtualTsa("other").Stamp(signature), right);
        yield return Of("garbage beside", true, null, null, [1, 2, 3], right);
        yield return Of("granted with modifications", false, null, null, VirtualTsa.Response(1, Token(right)));
        yield return Of("the bare token", false, null, null, Token(right));
        yield return Of("with a byte after it", false, null, null, [.. right, 0]);
        yield return Of("cut", false, null, null, right[..^1]);
        yield return Of("with a bit of its signature changed", false, null, null, [.. right[..^1], (byte)(right[^1] ^ 1)]);
        yield return Of("that names no certificate", true, null, "timestamp", world.Tsa.Stamp(signature, namesCertificate: false));
        yield return Of("33 of them", false, null, null, [.. Enumerable.Repeat(right, 33)]);
        yield return By("before its certificate", false, world.Tsa, new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero));
        yield return By("after its certificate", false, world.Tsa, new DateTimeOffset(2035, 1, 1, 0, 0, 0, TimeSpan.Zero));
        yield return By("of a certificate for servers", false, new VirtualTsa("server", "1.3.6.1.5.5.7.3.1"));
        yield return By("of a purpose that is not critical", false, new VirtualTsa("lax", critical: false));
        var authority = world.RootWith(json => Authority(json)["validFor"]!["end"] = "2026-11-21T20:59:59Z");
        yield return Of("after the authority's end", false, authority, null, right);
        authority = world.RootWith(json => Authority(json)["validFor"]!["start"] = "2026-11-21T21:00:01Z");
        yield return Of("before the authority's begin", false, authority, null, right);
        yield return Of("without a window", true, world.RootWith(json => Authority(json).AsObject().Remove("validFor")), null, right);
        yield return Of("with the root alone pinned", true, world.RootWith(json => Certificates(json).RemoveAt(0)), null, right);
        yield return Of("with the leaf alone pinned", false, world.RootWith(json => Certificates(json).RemoveAt(1)), null, right);
        var reversed = world.RootWith(json =>
        {
            var leaf = Certificates(json)[0]!;
            Certificates(json).Remove(leaf);
            Certificates(json).Add(leaf);
        });
        yield return Of("with the root pinned before the leaf", true, reversed, null, right);
        var other = new VirtualTsa("other").Trusted.Certificates;
        yield return Of("with another root pinned", false,
            world.RootWith(json => Certificates(json)[1]!["rawBytes"] = Convert.ToBase64String(other[1])), null, right);
        yield return Of("with another leaf pinned", false,
            world.RootWith(json => Certificates(json)[0]!["rawBytes"] = Convert.ToBase64String(other[0])), null, right);
    }

    private static byte[] Token(byte[] response)
    {
        var reader = new System.Formats.Asn1.AsnReader(response, System.Formats.Asn1.AsnEncodingRules.BER).ReadSequence();
        reader.ReadSequence();
        return reader.ReadEncodedValue().ToArray();
    }

    private static JsonNode Authority(JsonNode root) => root["timestampAuthorities"]![0]!;

    private static JsonArray Certificates(JsonNode root) => Authority(root)["certChain"]!["certificates"]!.AsArray();
}
