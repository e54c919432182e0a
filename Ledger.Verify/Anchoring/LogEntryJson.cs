using System.Globalization;
using Ledger.Verify.Json;

namespace Ledger.Verify.Anchoring;

/// <summary>An entry of <c>tlogEntries</c>, read and written.</summary>
// Example: the one in SigstoreBundleJson.
internal static class LogEntryJson
{
    /// <summary>False where cosign refuses the whole bundle, and where an id or hash of the path is not 32 bytes.</summary>
    public static bool TryRead(ProtoJson item, out LogEntry? entry)
    {
        entry = null;
        var (index, integratedTime, body) = (item.Int64("logIndex"), item.Int64("integratedTime"), item.Bytes("canonicalizedBody"));
        var logId = item.Child("logId")?.Bytes("keyId");
        var kindVersion = item.Child("kindVersion");
        var (kind, version) = (kindVersion?.Text("kind"), kindVersion?.Text("version"));
        var promise = item.Child("inclusionPromise")?.Bytes("signedEntryTimestamp");
        var proof = item.Child("inclusionProof");
        var inclusion = proof is null ? null : ReadInclusion(proof);
        if (index < 0 || body is null || logId is not { Length: Digest.Size } || kind is null) return false;
        if (inclusion is not { Checkpoint.Length: > 0 }) return false;

        // An empty promise is none.
        var set = promise is { Length: > 0 } ? promise : null;
        entry = new LogEntry(index, new Digest(logId), kind, version ?? "", integratedTime, set, inclusion, body);
        return true;
    }

    // Members in RFC 8785's order; int64 is a string in a protobuf's JSON, and what is zero or empty is left out.
    public static void Write(ref JcsWriter json, LogEntry entry)
    {
        json.StartObject();
        json.Name("canonicalizedBody"u8);
        json.Base64(entry.CanonicalizedBody);
        if (entry.SignedEntryTimestamp is { } set)
        {
            json.Name("inclusionPromise"u8);
            json.StartObject();
            json.Name("signedEntryTimestamp"u8);
            json.Base64(set);
            json.EndObject();
        }

        json.Name("inclusionProof"u8);
        Write(ref json, entry.Inclusion);
        if (entry.IntegratedTime != 0) WriteInt64(ref json, "integratedTime"u8, entry.IntegratedTime);
        json.Name("kindVersion"u8);
        json.StartObject();
        json.Name("kind"u8);
        json.Text(entry.Kind);
        json.Name("version"u8);
        json.Text(entry.Version);
        json.EndObject();
        json.Name("logId"u8);
        json.StartObject();
        json.Name("keyId"u8);
        json.Base64(entry.LogId.ToArray());
        json.EndObject();
        WriteInt64(ref json, "logIndex"u8, entry.LogIndex);
        json.EndObject();
    }

    private static LogInclusion? ReadInclusion(ProtoJson proof)
    {
        var (index, size, root) = (proof.Int64("logIndex"), proof.Int64("treeSize"), proof.Bytes("rootHash"));
        var hashes = proof.BytesList("hashes");
        var checkpoint = proof.Child("checkpoint")?.Text("envelope") ?? "";
        if (hashes.Any(hash => hash.Length != Digest.Size)) return null;
        // A root of another length is nobody's root, and neither are zeros.
        var claimed = root is { Length: Digest.Size } ? new Digest(root) : Digest.Zero;
        return new LogInclusion(index, claimed, size, [.. hashes.Select(hash => new Digest(hash))], checkpoint);
    }

    private static void Write(ref JcsWriter json, LogInclusion inclusion)
    {
        json.StartObject();
        json.Name("checkpoint"u8);
        json.StartObject();
        json.Name("envelope"u8);
        json.Text(inclusion.Checkpoint);
        json.EndObject();
        json.Name("hashes"u8);
        json.StartArray();
        foreach (var hash in inclusion.Hashes) json.Base64(hash.ToArray());
        json.EndArray();
        WriteInt64(ref json, "logIndex"u8, inclusion.LogIndex);
        json.Name("rootHash"u8);
        json.Base64(inclusion.RootHash.ToArray());
        WriteInt64(ref json, "treeSize"u8, inclusion.TreeSize);
        json.EndObject();
    }

    private static void WriteInt64(ref JcsWriter json, ReadOnlySpan<byte> name, long value)
    {
        json.Name(name);
        json.Text(value.ToString(CultureInfo.InvariantCulture));
    }
}
