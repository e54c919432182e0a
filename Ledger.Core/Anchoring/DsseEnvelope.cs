using Ledger.Core.Problems;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Core.Anchoring;

/// <summary>A third party's DSSE envelope with one signature. Nothing in it is verified by reading it.
/// https://github.com/secure-systems-lab/dsse/blob/master/envelope.md</summary>
/// <param name="Payload">Decoded.</param>
/// <param name="KeyId">A hint, covered by no signature; '' where there is none.</param>
/// <param name="Signature">Ed25519: 64 bytes; ECDSA: DER.</param>
// Example: {"payloadType":"application/vnd.in-toto+json","payload":"eyJfdHlwZSI6…","signatures":[{"keyid":"SHA256:…","sig":"MEUCIQD…"}]}
public sealed record DsseEnvelope(byte[] Payload, string PayloadType, string KeyId, byte[] Signature)
{
    /// <summary>Of the whole envelope.</summary>
    public const int MostBytes = 256 * 1024;

    private static readonly JsonLimits Limits = new(MaxDepth: 3, MostBytes);

    /// <summary>What the signature is over.</summary>
    public byte[] Pae() => Dsse.Pae(PayloadType, Payload);

    /// <summary>Reads one strictly: nothing in it that no signature covers but a keyid, base64 in its one spelling.</summary>
    /// <exception cref="LedgerProblemException">malformed-json, duplicate-field, invalid-envelope.</exception>
    public static DsseEnvelope Read(ReadOnlySpan<byte> json)
    {
        if (!StrictJson.TryParse(json, Limits, out var root, out var failure)) throw Refused(failure);
        var type = root.Text("payloadType");
        var payload = root.Base64("payload");
        var signatures = root.Children("signatures");
        if (signatures.Count > 1) throw Refused("An envelope has exactly one signature here.", "signatures");
        var keyId = signatures.Count == 1 ? signatures[0].OptionalText("keyid") : null;
        var signature = signatures.Count == 1 ? signatures[0].Base64("sig") : [];
        if (!root.Complete(out _) || signature.Length == 0)
            throw Refused("An envelope is payloadType, payload and one of signatures, with keyid (may be absent) and sig, nothing else; "
                + "payload and sig are standard base64 with padding.");
        return new DsseEnvelope(payload, type, keyId ?? "", signature);
    }

    private static LedgerProblemException Refused(JsonFailure failure) => failure switch
    {
        JsonFailure.Malformed or JsonFailure.TrailingData or JsonFailure.InvalidUtf8 =>
            new(ProblemTypes.MalformedJson, "The body must be one JSON object in UTF-8."),
        JsonFailure.DuplicateName => new(ProblemTypes.DuplicateField, "A member is given twice."),
        _ => Refused($"The body is no envelope ({failure})."),
    };

    private static LedgerProblemException Refused(string detail, string? field = null) => new(ProblemTypes.InvalidEnvelope, detail, field);
}
