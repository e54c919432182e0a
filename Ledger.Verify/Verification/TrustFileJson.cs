using System.Diagnostics.CodeAnalysis;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>trust.json, read and written.</summary>
// Example, shortened: {"logs":[{"anchor_keys":["-----BEGIN PUBLIC KEY-----\n…"],
// "checkpoint_keys":[{"from_size":0,"vkey":"ledger.localhost/log/demo+0a1b2c3d+AX…"}],
// "entry_keys":[{"from_seq":0,"key_id":"SHA256:…","public_key":"…"}],"origin":"ledger.localhost/log/demo","tenant":"demo"}],
// "policy":{"anchors":1,"timestamps":0},"version":1}
internal static class TrustFileJson
{
    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.TrustFileBytes);

    public static byte[] Write(TrustFile trust)
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        json.Name("logs"u8);
        json.StartArray();
        foreach (var log in trust.Logs) WriteLog(ref json, log);
        json.EndArray();
        json.Name("policy"u8);
        json.StartObject();
        json.Name("anchors"u8);
        json.Number(trust.Policy.Anchors);
        json.Name("timestamps"u8);
        json.Number(trust.Policy.Timestamps);
        json.EndObject();
        if (trust.TrustedRoot is { } root)
        {
            json.Name("trusted_root"u8);
            json.Canonical(root.ToBytes());
        }

        json.Name("version"u8);
        json.Number(1);
        json.EndObject();
        return json.Finish();
    }

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out TrustFile? trust, out FailureCode failure)
    {
        trust = null;
        failure = FailureCode.TrustMalformed;
        if (!StrictJson.TryParse(file, Document, out var root, out _)) return false;
        if (root.Number("version") != 1)
        {
            failure = FailureCode.TrustVersionUnknown;
            return false;
        }

        var logs = root.Children("logs").Select(ReadLog).ToArray();
        var policy = root.Child("policy");
        var (anchors, timestamps) = (policy.Number("anchors"), policy.Number("timestamps"));
        var trustedRootBytes = root.Has("trusted_root") ? root.Canonical("trusted_root") : null;
        if (!root.Complete(out _) || anchors > Limits.Anchors || timestamps > Limits.Anchors) return false;
        TrustedRoot? trustedRoot = null;
        if (trustedRootBytes is not null && !TrustedRoot.TryParse(trustedRootBytes, out trustedRoot, out failure)) return false;
        failure = FailureCode.TrustLogIdMismatch;
        if (trustedRoot?.Logs.Any(log => log.LogId != LogKey.IdOf(log.Origin, log.Spki)) == true) return false;
        foreach (var log in logs)
        {
            if (!TrustLogRules.Hold(log, out failure)) return false;
        }

        failure = FailureCode.TrustKeyPurpose;
        if (!TrustLogRules.KeepPurposesApart(logs)) return false;
        failure = FailureCode.TrustMalformed;
        if (logs.DistinctBy(log => log.Origin).Count() != logs.Length) return false;
        trust = new TrustFile([.. logs.Select(log => log.Log)], new TrustPolicy((int)anchors, (int)timestamps), trustedRoot);
        return true;
    }

    private static UncheckedLog ReadLog(StrictJson log)
    {
        var (tenant, origin) = (log.Text("tenant"), log.Text("origin"));
        var checkpointKeys = log.Children("checkpoint_keys")
            .Select(key => (key.Text("vkey"), key.Number("from_size"), key.OptionalNumber("to_size")))
            .ToArray();
        var entryKeys = log.Children("entry_keys")
            .Select(key => new TrustedEntryKey(
                key.Text("key_id"), key.Base64("public_key"), key.Number("from_seq"), key.OptionalNumber("to_seq")))
            .ToArray();
        var anchorKeys = log.Texts("anchor_keys");
        var payloadKeys = log.Has("payload_keys") ? log.Texts("payload_keys") : null;
        return new UncheckedLog(tenant, origin, checkpointKeys, entryKeys, anchorKeys, payloadKeys);
    }

    private static void WriteLog(ref JcsWriter json, TrustLog log)
    {
        json.StartObject();
        WritePems(ref json, "anchor_keys"u8, log.AnchorKeys);
        json.Name("checkpoint_keys"u8);
        json.StartArray();
        foreach (var key in log.CheckpointKeys)
        {
            json.StartObject();
            WriteRange(ref json, "from_size"u8, key.FromSize);
            if (key.ToSize is { } to) WriteRange(ref json, "to_size"u8, to);
            json.Name("vkey"u8);
            json.Text(key.Key.Format());
            json.EndObject();
        }

        json.EndArray();
        json.Name("entry_keys"u8);
        json.StartArray();
        foreach (var key in log.EntryKeys)
        {
            json.StartObject();
            WriteRange(ref json, "from_seq"u8, key.FromSeq);
            json.Name("key_id"u8);
            json.Text(key.KeyId);
            json.Name("public_key"u8);
            json.Base64(key.PublicKey);
            if (key.ToSeq is { } to) WriteRange(ref json, "to_seq"u8, to);
            json.EndObject();
        }

        json.EndArray();
        json.Name("origin"u8);
        json.Text(log.Origin);
        if (log.PayloadKeys is { Count: > 0 } payloadKeys) WritePems(ref json, "payload_keys"u8, payloadKeys);
        json.Name("tenant"u8);
        json.Text(log.Tenant);
        json.EndObject();
    }

    private static void WriteRange(ref JcsWriter json, ReadOnlySpan<byte> name, long value)
    {
        json.Name(name);
        json.Number(value);
    }

    private static void WritePems(ref JcsWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> pems)
    {
        json.Name(name);
        json.StartArray();
        foreach (var pem in pems) json.Text(pem);
        json.EndArray();
    }
}
