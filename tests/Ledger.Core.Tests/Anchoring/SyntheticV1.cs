using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A v1 log of several shards, as the public one is and a fresh one is not: global indexes differ from those in the trees.
/// </summary>
internal sealed class SyntheticV1 : IDisposable
{
    private const string Host = "rekor.loopback.test";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<SyntheticShard> shards = [];

    public string Pem => Spki.ToPem(key.ExportSubjectPublicKeyInfo());

    public Digest LogId => Digest.Sha256(key.ExportSubjectPublicKeyInfo());

    public IReadOnlyList<SyntheticShard> Shards => shards;

    /// <summary>The next shard, of bodies that are numbers; the ones before take nothing more.</summary>
    public SyntheticShard Shard(string origin, params byte[] bodies) => Shard(origin, bodies.Select(b => new[] { b }));

    public SyntheticShard Shard(long tree, params LogSubmission[] entries) => Shard(
        string.Create(CultureInfo.InvariantCulture, $"{Host} - {tree}"),
        entries.Select(e => LogBody.HashedRekordV1(e.Digest, e.Signature, Spki.ToPem(e.Spki))));

    public void Dispose() => key.Dispose();

    internal byte[] Sign(byte[] bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private SyntheticShard Shard(string origin, IEnumerable<byte[]> bodies)
    {
        var shard = new SyntheticShard(this, origin, [.. bodies], shards.Sum(s => s.Bodies.Count));
        shards.Add(shard);
        return shard;
    }
}

/// <summary>One tree of it.</summary>
internal sealed class SyntheticShard(SyntheticV1 log, string origin, IReadOnlyList<byte[]> bodies, int firstIndex)
{
    private const long Time = 1_795_294_588;

    private readonly TestTree tree = new(bodies);

    public IReadOnlyList<byte[]> Bodies => bodies;

    public LogCheckpoint Head => new(origin, bodies.Count, tree.Root(bodies.Count));

    public string TreeId => origin.Split(" - ")[1];

    public string EntryId(int index) => long.Parse(TreeId, CultureInfo.InvariantCulture).ToString("x16", CultureInfo.InvariantCulture)
        + MerkleHash.Leaf(bodies[index]).ToHex();

    public string Checkpoint(int? size = null)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{origin}\n{size ?? bodies.Count}\n{Convert.ToBase64String(tree.Root(size ?? bodies.Count).ToArray())}\n");
        byte[] signature = [.. log.LogId.ToArray()[..4], .. log.Sign(Encoding.UTF8.GetBytes(text))];
        return $"{text}\n— {origin.Split(" - ")[0]} {Convert.ToBase64String(signature)}\n";
    }

    /// <summary>The member that a GET or POST of the entry answers.</summary>
    public JsonObject Entry(int index)
    {
        var entry = new LogEntry(firstIndex + index, log.LogId, "hashedrekord", "0.0.1", Time, null,
            new LogInclusion(index, Head.Root, Head.Size, [], ""), bodies[index]);
        return new JsonObject
        {
            [EntryId(index)] = new JsonObject
            {
                ["body"] = Convert.ToBase64String(bodies[index]), ["integratedTime"] = Time, ["logID"] = log.LogId.ToHex(),
                ["logIndex"] = firstIndex + index,
                ["verification"] = new JsonObject
                {
                    ["inclusionProof"] = new JsonObject
                    {
                        ["checkpoint"] = Checkpoint(), ["logIndex"] = index, ["rootHash"] = Head.Root.ToHex(), ["treeSize"] = Head.Size,
                        ["hashes"] = new JsonArray([.. tree.Inclusion(index, bodies.Count).Select(h => JsonValue.Create(h.ToHex()))]),
                    },
                    ["signedEntryTimestamp"] = Convert.ToBase64String(log.Sign(LogEntryChecks.SignedBytes(entry))),
                },
            },
        };
    }

    /// <summary>As log info shows it.</summary>
    public JsonObject Info() => new()
    {
        ["rootHash"] = Head.Root.ToHex(), ["signedTreeHead"] = Checkpoint(), ["treeID"] = TreeId, ["treeSize"] = Head.Size,
    };
}
