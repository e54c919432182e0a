using System.Text;
using System.Text.Json;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>
/// What a sweep reads of Rekor v1's answers. Servers add members, so unknown ones are passed over: every value that matters is judged by
/// the log's signatures afterwards.
/// </summary>
internal static class RekorAnswers
{
    private const int LeafDigits = 64;

    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.SigstoreBundleBytes);

    /// <summary>The signed note of <c>GET /api/v1/log</c>; null when it cannot be read.</summary>
    // Example, shortened: {"inactiveShards":[],"rootHash":"b4d8…","signedTreeHead":"rekor.loopback.test - 2824…\n9\n…","treeSize":9}
    public static string? SignedTreeHead(ReadOnlySpan<byte> answer) => Parse(answer) is { } root ? Text(root, "signedTreeHead") : null;

    /// <summary>The entry ids of <c>POST /api/v1/index/retrieve</c>; null when they cannot be read.</summary>
    // Example: ["2732b5cc5d803a911e44bb3d…","2732b5cc5d803a9133d33de6…"]
    public static IReadOnlyList<string>? EntryIds(ReadOnlySpan<byte> answer)
    {
        if (Parse(answer) is not { ValueKind: JsonValueKind.Array } root) return null;
        var ids = root.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.String ? id.GetString()! : "").ToArray();
        return ids.All(IsEntryId) ? ids : null;
    }

    /// <summary>The entries of <c>POST /api/v1/log/entries/retrieve</c> by id; null when one cannot be read.</summary>
    // Example, shortened: [{"2732b5cc…":{"body":"eyJh…","integratedTime":1795294588,"logID":"e92a…","logIndex":0,"verification":
    // {"inclusionProof":{"checkpoint":"rekor.loopback.test - 2824…\n9\n…","hashes":["c39a…"],"logIndex":0,"rootHash":"b4d8…","treeSize":9},
    // "signedEntryTimestamp":"MEQC…"}}}]
    public static IReadOnlyDictionary<string, LogEntry>? Entries(ReadOnlySpan<byte> answer)
    {
        if (Parse(answer) is not { ValueKind: JsonValueKind.Array } root) return null;
        var entries = new Dictionary<string, LogEntry>();
        foreach (var item in root.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) return null;
            foreach (var entry in item.EnumerateObject())
            {
                if (!IsEntryId(entry.Name) || Entry(entry.Value) is not { } read || !entries.TryAdd(entry.Name, read)) return null;
            }
        }

        return entries;
    }

    /// <summary>
    /// The answers to one id, with their names. An id of 64 digits is a leaf's hash alone, which the trees of several shards may have; in
    /// one of 80 the tree's id is before it, and what is answered under another is not what was asked for.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, LogEntry>> Of(IReadOnlyDictionary<string, LogEntry> entries, string id) =>
        entries.TryGetValue(id, out var exact) ? [new(id, exact)]
        : id.Length == LeafDigits ? [.. entries.Where(one => one.Key.EndsWith(id, StringComparison.Ordinal))]
        : [];

    /// <summary>A request that finds entries by their key.</summary>
    public static byte[] SearchByKey(string pem) =>
        Request($$$"""{"publicKey":{"format":"x509","content":"{{{CanonicalBase64.Encode(Encoding.ASCII.GetBytes(pem))}}}"}}""");

    /// <summary>A request that finds dsse entries by their key: v1 indexes those under the hash of the PEM alone.</summary>
    public static byte[] SearchByKeyHash(string pem) =>
        Request($$"""{"hash":"sha256:{{Digest.Sha256(Encoding.ASCII.GetBytes(pem)).ToHex()}}"}""");

    /// <summary>A request for entries with their proofs; v1 answers ten at most.</summary>
    public static byte[] Retrieve(IEnumerable<string> ids) => Request($$"""{"entryUUIDs":["{{string.Join("\",\"", ids)}}"]}""");

    private static byte[] Request(string json) => Encoding.ASCII.GetBytes(json);

    private static bool IsEntryId(string id) => id.Length is LeafDigits or 80 && id.All(char.IsAsciiHexDigitLower);

    private static LogEntry? Entry(JsonElement entry)
    {
        if (Child(entry, "verification") is not { } verification || Child(verification, "inclusionProof") is not { } proof) return null;
        if (!CanonicalBase64.TryDecode(Text(entry, "body") ?? "!", out var body)) return null;
        if (!CanonicalBase64.TryDecode(Text(verification, "signedEntryTimestamp") ?? "", out var promise)) return null;
        if (!Digest.TryParseHex(Text(entry, "logID"), out var logId) || !Digest.TryParseHex(Text(proof, "rootHash"), out var rootHash))
            return null;
        if (Number(entry, "integratedTime") is not { } time || Number(entry, "logIndex") is not { } index) return null;
        if (Number(proof, "logIndex") is not { } shardIndex || Number(proof, "treeSize") is not { } treeSize) return null;
        if (Hashes(proof) is not { } hashes || Text(proof, "checkpoint") is not { } checkpoint) return null;
        var known = LogBody.TryParse(body, out var content, out _);
        return new LogEntry(index, logId, known ? content!.Kind : "", known ? content!.Version : "", time,
            promise.Length == 0 ? null : promise, new LogInclusion(shardIndex, rootHash, treeSize, hashes, checkpoint), body);
    }

    private static Digest[]? Hashes(JsonElement proof)
    {
        if (!proof.TryGetProperty("hashes", out var array) || array.ValueKind == JsonValueKind.Null) return [];
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > Limits.ProofHashes) return null;
        var hashes = new Digest[array.GetArrayLength()];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.String || !Digest.TryParseHex(array[i].GetString(), out hashes[i])) return null;
        }

        return hashes;
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> answer) => Jcs.TryCanonicalize(answer, Document, out var canonical, out _)
        ? JsonElement.Parse(canonical, new JsonDocumentOptions { MaxDepth = Limits.DocumentDepth + 1 })
        : null;

    private static JsonElement? Child(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Object);

    private static string? Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String)?.GetString();

    private static long? Number(JsonElement parent, string name) =>
        Member(parent, name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
