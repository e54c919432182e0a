using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>What the log holds, against what the bundle says; and whose key it is.</summary>
internal static class BodyCases
{
    public static IEnumerable<Case> All()
    {
        var world = new World();
        var (v1, v2, signer) = (world.V1, world.V2, world.Signer);
        Case Accept(string name, SigstoreBundle bundle, string? difference = null) => new(world.Judged(name, bundle), true, difference);
        Case Refuse(string name, SigstoreBundle bundle) => new(world.Judged(name, bundle), false);
        SigstoreBundle Logged(SigstoreBundle bundle, VirtualLog log, byte[] body) => bundle with { Entries = [log.Entry(log.Add(body))] };

        var message = world.Right(v1);
        var (digest, signature) = (message.Message!.Digest!.Value, message.Message.Signature);
        var other = Digest.Sha256("other"u8);
        yield return Refuse("v1 body of another digest", Logged(message, v1, LogBody.HashedRekordV1(other, signature, signer.Pem)));
        yield return Refuse("v2 body of another digest", Logged(message, v2, LogBody.HashedRekordV2(other, signature, signer.Spki)));
        var fresh = signer.Sign(World.Artifact);
        yield return Refuse("v1 body of another signature", Logged(message, v1, LogBody.HashedRekordV1(digest, fresh, signer.Pem)));
        yield return Refuse("v2 body of another signature", Logged(message, v2, LogBody.HashedRekordV2(digest, fresh, signer.Spki)));
        var stranger = new VirtualSigner("stranger");
        yield return Refuse("v1 body of another key", Logged(message, v1, LogBody.HashedRekordV1(digest, signature, stranger.Pem)));
        yield return Refuse("v2 body of another key", Logged(message, v2, LogBody.HashedRekordV2(digest, signature, stranger.Spki)));
        yield return Refuse("message logged as dsse", Logged(message, v1, LogBody.DsseV1(digest, digest, [(signature, signer.Pem)])));
        var capitals = Replaced(LogBody.HashedRekordV1(digest, signature, signer.Pem), digest.ToHex(), digest.ToHex().ToUpperInvariant());
        yield return Accept("v1 body with the digest in capitals", Logged(message, v1, capitals));
        yield return Refuse("body that is no JSON", Logged(message, v1, "body"u8.ToArray()));
        var unknown = """{"apiVersion":"0.0.1","kind":"rekord2","spec":{}}"""u8.ToArray();
        yield return Refuse("body of an unknown kind", Logged(message, v1, unknown));

        var envelope = world.Envelope(v1);
        var (payload, sealing) = (envelope.Envelope!.Payload, envelope.Envelope.Signatures[0].Signature);
        var pae = Dsse.Pae(Dsse.InTotoPayloadType, payload);
        yield return Refuse("v1 dsse of another payload", Logged(envelope, v1, LogBody.DsseV1(other, other, [(sealing, signer.Pem)])));
        yield return Refuse("envelope logged on v1 as hashedrekord",
            Logged(envelope, v1, LogBody.HashedRekordV1(Digest.Sha256(pae), sealing, signer.Pem)));
        yield return Refuse("envelope logged on v2 over its payload",
            Logged(envelope, v2, LogBody.HashedRekordV2(Digest.Sha256(payload), sealing, signer.Spki)));
        var sorted = new[] { sealing, stranger.Sign(pae) }.OrderBy(Convert.ToBase64String, StringComparer.Ordinal).ToArray();
        var two = Logged(envelope, v1, LogBody.DsseV1(other, Digest.Sha256(payload), [(sorted[0], signer.Pem), (sorted[1], signer.Pem)]));
        yield return new Case(world.Judged("v1 dsse of two signatures", two), sorted[0].AsSpan().SequenceEqual(sealing));

        var named = Encoding.UTF8.GetString(VirtualAnchor.Statement(Digest.Sha256(World.Artifact)));
        foreach (var (name, member) in ((string, string)[])[("without", ""), ("with an empty", "\"predicateType\":\"\",")])
        {
            var statement = named.Replace("\"predicateType\":\"https://example.com/virtual/v1\",", member, StringComparison.Ordinal);
            yield return Refuse($"statement {name} predicate type", world.Envelope(v1, Encoding.UTF8.GetBytes(statement)));
        }

        // What cosign does not look at.
        yield return Accept("another v2 body beside the right proof",
            world.With(v2, e => e with { CanonicalizedBody = LogBody.HashedRekordV2(other, signature, signer.Spki) }), "body");
        yield return Accept("v2 body of something else under a v1 note",
            Logged(message, v1, LogBody.HashedRekordV2(other, fresh, stranger.Spki)) is var smuggled
                ? smuggled with { Entries = [smuggled.Entries[0] with { SignedEntryTimestamp = null }] } : smuggled, "body");
        yield return Accept("another kind beside the body", world.With(v1, e => e with { Kind = "rekord" }), "kind-version");
        yield return Accept("another version beside the body", world.With(v2, e => e with { Version = "0.0.3" }), "kind-version");
        var more = Replaced(LogBody.HashedRekordV1(digest, signature, signer.Pem), "\"spec\":{", "\"spec\":{\"a\":1,");
        yield return Accept("v1 body with a member that Rekor never writes", Logged(message, v1, more), "body");
        yield return Accept("envelope logged as intoto 0.0.2", Logged(envelope, v1, InToto(envelope.Envelope, signer)) is var intoto
            ? intoto with { Entries = [intoto.Entries[0] with { Kind = "intoto", Version = "0.0.2" }] } : intoto, "intoto");
        foreach (var keys in Keys(world)) yield return keys;
    }

    private static IEnumerable<Case> Keys(World world)
    {
        var seed = SHA256.HashData("ed25519 signer"u8);
        var edSpki = Spki.OfEd25519(Ed25519.PublicKeyOf(seed));
        var statement = VirtualAnchor.Statement(Digest.Sha256(World.Artifact));
        var plain = VirtualAnchor.OfStatement(world.V1, seed, statement);
        yield return new(world.Judged("v1 envelope by Ed25519", plain, pem: Spki.ToPem(edSpki)), true);
        var fingerprint = SshFingerprint.OfEd25519(Ed25519.PublicKeyOf(seed));
        var named = VirtualAnchor.OfStatement(world.V1, seed, statement, fingerprint);
        yield return new(world.Judged("envelope with the Ed25519 key's fingerprint", named, pem: Spki.ToPem(edSpki)), true);
        fingerprint = SshFingerprint.OfEcdsaP256(world.Signer.Spki);
        yield return new(world.Judged("envelope with the P-256 key's fingerprint", world.Envelope(world.V1, keyId: fingerprint)), true);
        yield return new(world.Judged("envelope with another key id", world.Envelope(world.V1, keyId: "key-1")), false);
        var stranger = new VirtualSigner("stranger");
        yield return new(world.Judged("another key than the signer's", world.Right(world.V1), pem: stranger.Pem), false);

        // An Ed25519 signature over an artifact: no log takes one, but one in a v2 body would pass.
        var message = Ed25519.Sign(seed, World.Artifact);
        var body = Filled(
            """
            {"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_512","digest":"$0"},
            "signature":{"content":"$1","verifier":{"keyDetails":"PKIX_ED25519_PH","publicKey":{"rawBytes":"$2"}}}}}}
            """,
            Convert.ToBase64String(SHA512.HashData(World.Artifact)), Convert.ToBase64String(message), Convert.ToBase64String(edSpki));
        var index = world.V2.Add(body);
        var bundle = World.Changed(
            new SigstoreBundle(null, new BundledSignature(Digest.Zero, message), null, [world.V2.Entry(index)], []).ToBytes(),
            json =>
            {
                var digest = json["messageSignature"]!["messageDigest"]!;
                digest["algorithm"] = "SHA2_512";
                digest["digest"] = Convert.ToBase64String(SHA512.HashData(World.Artifact));
            });
        yield return new(world.Judged("message by Ed25519", bundle, pem: Spki.ToPem(edSpki)), true, "key");

        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var by384 = p384.SignData(World.Artifact, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var pem384 = p384.ExportSubjectPublicKeyInfoPem() + "\n";
        index = world.V1.Add(LogBody.HashedRekordV1(Digest.Sha256(World.Artifact), by384, pem384));
        var message384 = new BundledSignature(Digest.Sha256(World.Artifact), by384);
        var signed384 = new SigstoreBundle(null, message384, null, [world.V1.Entry(index)], []);
        yield return new(world.Judged("message by P-384", signed384, pem: pem384), true, "key");
    }

    private static byte[] InToto(BundledEnvelope envelope, VirtualSigner signer)
    {
        var sig = Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToBase64String(envelope.Signatures[0].Signature)));
        var key = Convert.ToBase64String(Encoding.ASCII.GetBytes(signer.Pem));
        return Filled(
            """
            {"apiVersion":"0.0.2","kind":"intoto","spec":{"content":{"envelope":{"payloadType":"$0",
            "signatures":[{"publicKey":"$1","sig":"$2"}]},"hash":{"algorithm":"sha256","value":"$3"},
            "payloadHash":{"algorithm":"sha256","value":"$3"}}}}
            """,
            envelope.PayloadType, key, sig, Digest.Sha256(envelope.Payload).ToHex());
    }

    /// <summary>The template on one line, with $0, $1, … replaced.</summary>
    private static byte[] Filled(string template, params string[] values)
    {
        var text = template.ReplaceLineEndings("");
        for (var i = 0; i < values.Length; i++) text = text.Replace($"${i}", values[i], StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[] Replaced(byte[] json, string from, string to) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace(from, to, StringComparison.Ordinal));
}
