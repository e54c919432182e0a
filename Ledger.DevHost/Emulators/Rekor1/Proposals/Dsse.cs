using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// dsse 0.0.1: an envelope whose hashes and signatures are logged, not its payload.
/// <code>{"proposedContent":{"envelope":"{\"payloadType\":…,\"payload\":…,\"signatures\":[…]}","verifiers":[base64 of PEM]}}</code>
/// </summary>
internal static class Dsse
{
    private const string At = "proposedContent.proposedContent.",
        Either = "either proposedContent or envelopeHash, payloadHash, and signatures must be present";

    private static readonly string[] Canonical = ["envelopeHash", "payloadHash", "signatures"];

    /// <exception cref="Refused">Of a wrong shape, or a signature does not verify.</exception>
    public static CanonicalEntry Read(JsonElement spec)
    {
        var logged = Canonical.Count(name => spec.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null);
        if (Field.Object(spec, "proposedContent") is not { } proposed)
            throw new Refused(logged == 3 ? "entry not insertable into log: missing proposed content" : Either);
        if (logged > 0)
            throw new Refused(Either + " but not both");
        var verifiers = VerifiersOf(proposed);
        if (Field.Text(proposed, "envelope") is not { } text)
            throw Refused.Shape([At + "envelope in body is required"]);
        if (verifiers is null)
            throw Refused.Shape([At + "verifiers in body is required"]);
        if (verifiers.Count == 0)
            throw Refused.Shape([At + "verifiers in body should have at least 1 items"]);
        var envelope = DsseEnvelope.Parse(text);
        if (envelope.Signatures.Count == 0)
            throw new Refused("DSSE envelope must contain 1 or more signatures");
        var signed = Verified(envelope, verifiers);
        return ToEntry(text, envelope, signed);
    }

    private static List<byte[]>? VerifiersOf(JsonElement proposed)
    {
        if (!proposed.TryGetProperty("verifiers", out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        return [.. list.EnumerateArray()
            .Select(v => Field.Bytes(v.ValueKind == JsonValueKind.String ? v.GetString()! : "", "verifier"))
            .Where(pem => pem.Length > 0)];
    }

    // Each verifier in turn, until every signature has one; a verifier that verifies nothing fails all, one that is not needed is dropped.
    private static SortedDictionary<string, Verifier> Verified(DsseEnvelope envelope, List<byte[]> verifiers)
    {
        var open = envelope.Signatures.ToHashSet(StringComparer.Ordinal);
        var verified = new SortedDictionary<string, Verifier>(StringComparer.Ordinal);
        foreach (var pem in verifiers.TakeWhile(_ => open.Count > 0))
        {
            var verifier = ParseVerifier(pem);
            var payload = envelope.Payload ?? throw Undecodable();
            var before = Pae(envelope.PayloadType, payload);
            var accepted = 0;
            foreach (var signature in envelope.Signatures)
            {
                if (!verifier.Key.VerifyMessage(before, DsseEnvelope.Decode(signature) ?? throw Undecodable()))
                    continue;
                accepted++;
                if (open.Remove(signature))
                    verified[signature] = verifier;
            }
            if (accepted == 0)
                throw new Refused("could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1");
        }
        return open.Count == 0 ? verified : throw new Refused("all signatures must have a key that verifies it");
    }

    private static CanonicalEntry ToEntry(string text, DsseEnvelope envelope, SortedDictionary<string, Verifier> signed)
    {
        var envelopeHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var payloadHash = Convert.ToHexStringLower(SHA256.HashData(envelope.Payload!));
        var signatures = signed.Select(s => new JsonObject { ["signature"] = s.Key, ["verifier"] = s.Value.Base64 });
        var logged = new JsonObject
        {
            ["envelopeHash"] = CanonicalEntry.Hash("sha256", envelopeHash),
            ["payloadHash"] = CanonicalEntry.Hash("sha256", payloadHash),
            ["signatures"] = new JsonArray([.. signatures]),
        };
        return CanonicalEntry.Of("dsse", logged,
        [
            .. signed.Values.Select(v => "sha256:" + v.Hash),
            .. signed.Values.SelectMany(v => v.Emails),
            "sha256:" + payloadHash,
            "sha256:" + envelopeHash,
            .. envelope.PayloadType == InTotoDigests.PayloadType ? InTotoDigests.Of(envelope.Payload!) : [],
        ]);
    }

    private static Verifier ParseVerifier(byte[] pem)
    {
        try
        {
            return Verifier.Parse(pem);
        }
        catch (Refused e)
        {
            throw new Refused("could not parse public key as x509: " + e.Message);
        }
    }

    private static byte[] Pae(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "), .. payload];

    private static Refused Undecodable() =>
        new("could not verify envelope: unable to base64 decode payload (is payload in the right format?)");
}
