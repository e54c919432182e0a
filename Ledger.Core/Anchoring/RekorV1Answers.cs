using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>An entry as a v1 log tells it; nothing in it is verified.</summary>
/// <param name="Id">As the log names it: 64 or 80 hex digits.</param>
/// <param name="Raw">The member of the answer, with its braces.</param>
internal sealed record ToldEntry(string Id, LogEntry Entry, byte[] Raw);

/// <summary>A shard's head as a v1 log tells it.</summary>
internal sealed record ToldHead(string TreeId, long Size, Digest Root, string Note, bool Active);

/// <summary>The JSON that Rekor v1 answers.</summary>
internal static class RekorV1Answers
{
    private const int LeafDigits = 2 * Digest.Size;
    private const int TreeDigits = 16;

    /// <remarks>Raw: <c>{"2732…e201":{"body":"eyJh…","integratedTime":1795294588,"logID":"e92a…","logIndex":0,"verification":{
    /// "inclusionProof":{"checkpoint":"rekor.example.com - 2824…\n1\nHkS7…\n\n— rekor.example.com 6Sra…\n","hashes":["33d3…"],"logIndex":0,
    /// "rootHash":"1e44…","treeSize":1},"signedEntryTimestamp":"MEUC…"}}}</c></remarks>
    public static ToldEntry Entry(byte[] answer) => Entry(AnswerJson.Parse(answer));

    /// <remarks>Raw: an array of what <see cref="Entry(byte[])"/> reads.</remarks>
    public static IReadOnlyList<ToldEntry> Entries(byte[] answer)
    {
        var array = AnswerJson.Parse(answer);
        if (array.ValueKind != JsonValueKind.Array) throw AnswerJson.Wrong("is not a list of entries");
        return [.. array.EnumerateArray().Select(Entry)];
    }

    /// <remarks>Raw: <c>{"inactiveShards":null,"rootHash":"b4d8…","signedTreeHead":"rekor.example.com - 2824…\n9\n…","treeID":"2824…",
    /// "treeSize":9}</c>; an inactive shard has the same members.</remarks>
    public static IReadOnlyList<ToldHead> Heads(byte[] answer)
    {
        var info = AnswerJson.Parse(answer);
        var heads = new List<ToldHead> { Head(info, active: true) };
        if (info.Has("inactiveShards")) heads.AddRange(info.Items("inactiveShards").Select(shard => Head(shard, active: false)));
        return heads;
    }

    /// <remarks>Raw: <c>{"hashes":["33d3…","501b…"],"rootHash":"b4d8…"}</c>; the root is of the tree as it is now, so it is not read.
    /// </remarks>
    public static IReadOnlyList<Digest> Proof(byte[] answer) => Hashes(AnswerJson.Parse(answer));

    /// <remarks>Raw: <c>["2732…9da0","2732…f98d"]</c></remarks>
    public static IReadOnlyList<string> Ids(byte[] answer)
    {
        var array = AnswerJson.Parse(answer);
        if (array.ValueKind != JsonValueKind.Array) throw AnswerJson.Wrong("is not a list of ids");
        return [.. array.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.String && IsEntryId(id.GetString()!)
            ? id.GetString()!.ToLowerInvariant() : throw AnswerJson.Wrong("has an id that is not 64 or 80 hex digits"))];
    }

    public static bool IsEntryId(string id) => id.Length is LeafDigits or LeafDigits + TreeDigits && id.All(char.IsAsciiHexDigit);

    /// <summary>The leaf's part of an entry id.</summary>
    public static string LeafOf(string id) => id[^LeafDigits..].ToLowerInvariant();

    /// <summary>The id with its shard: the tree's number in 16 hex digits, and the leaf hash.</summary>
    public static string EntryId(string treeId, Digest leaf)
    {
        if (!long.TryParse(treeId, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw AnswerJson.Wrong("has a tree id that is not a number");
        Span<byte> tree = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(tree, number);
        return Convert.ToHexStringLower(tree) + leaf;
    }

    /// <summary>The shard that a checkpoint is of: <c>rekor.example.com - 2824519805661362833</c>.</summary>
    public static string TreeOf(LogCheckpoint checkpoint) => checkpoint.IsShard
        ? checkpoint.Origin[(checkpoint.Origin.LastIndexOf(' ') + 1)..]
        : throw AnswerJson.Wrong("has a checkpoint that names no tree");

    private static ToldEntry Entry(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || answer.GetPropertyCount() != 1) throw AnswerJson.Wrong("is not one entry");
        var member = answer.EnumerateObject().Single();
        if (!IsEntryId(member.Name)) throw AnswerJson.Wrong("has an id that is not 64 or 80 hex digits");
        var body = member.Value.Base64("body");
        if (MerkleHash.Leaf(body).ToHex() != LeafOf(member.Name)) throw AnswerJson.Wrong("has an id that is not its body's");
        if (!LogBody.TryParse(body, out var content, out var failure))
            throw new LogException(LogFailureClass.Log, $"the entry's body: {failure.Text()}", failure);
        var verification = member.Value.Child("verification");
        return new ToldEntry(member.Name, new LogEntry(
            member.Value.Number("logIndex"), member.Value.Hex("logID"), content.Kind, content.Version,
            member.Value.Number("integratedTime"),
            verification.Has("signedEntryTimestamp") ? verification.Base64("signedEntryTimestamp") : null,
            Inclusion(verification.Child("inclusionProof")), body), JsonMarshal.GetRawUtf8Value(answer).ToArray());
    }

    private static LogInclusion Inclusion(JsonElement proof) => new(
        proof.Number("logIndex"), proof.Hex("rootHash"), proof.Number("treeSize"), Hashes(proof), proof.Text("checkpoint"));

    private static ToldHead Head(JsonElement shard, bool active) =>
        new(shard.Text("treeID"), shard.Number("treeSize"), shard.Hex("rootHash"), shard.Text("signedTreeHead"), active);

    private static List<Digest> Hashes(JsonElement proof)
    {
        var hashes = new List<Digest>();
        foreach (var hash in proof.Items("hashes"))
        {
            if (hashes.Count == Limits.ProofHashes || hash.ValueKind != JsonValueKind.String
                || !Digest.TryParseHex(hash.GetString(), out var digest)) throw AnswerJson.Wrong("has a proof that is not one");
            hashes.Add(digest);
        }
        return hashes;
    }
}
