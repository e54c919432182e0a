using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests;

/// <summary>
/// A whole ledger in memory, for one tenant: appends, checkpoints, bundles, receipts, exports and trust files, every byte of them a
/// function of the tenant's name. Tests take what they need from it and break that.
/// </summary>
public sealed class VirtualLedger
{
    public const string Payload = "Hello World";

    private readonly List<(Statement Statement, byte[] Bytes, Leaf Leaf, Digest Hash, BundleMeta? Meta)> _entries = [];
    private readonly Dictionary<NodeId, Digest> _nodes = [];
    private readonly byte[] _entrySeed;
    private readonly byte[] _checkpointSeed;

    public VirtualLedger(string tenant = "demo", int epoch = 1)
    {
        Tenant = tenant;
        Origin = $"ledger.localhost/log/{tenant}" + (epoch == 1 ? "" : $"/{epoch}");
        _entrySeed = Seed("entry");
        _checkpointSeed = Seed("checkpoint");
        AnchorKey = new VirtualSigner($"anchor key of {Origin}");
        PayloadKey = new VirtualSigner($"payload key of {tenant}");
    }

    public string Tenant { get; }

    public string Origin { get; }

    public int Size => _entries.Count;

    /// <summary>Signs checkpoint bodies for transparency logs; each epoch has its own.</summary>
    public VirtualSigner AnchorKey { get; }

    public VirtualSigner PayloadKey { get; }

    public byte[] EntryKey => Ed25519.PublicKeyOf(_entrySeed);

    public string EntryKeyId => SshFingerprint.OfEd25519(EntryKey);

    public VerifierKey CheckpointKey => new(Origin, Ed25519.PublicKeyOf(_checkpointSeed));

    /// <summary>A ledger with that many entries, each with metadata, the first one of "Hello World".</summary>
    public static VirtualLedger With(int entries, string tenant = "demo")
    {
        var ledger = new VirtualLedger(tenant);
        for (var i = 0; i < entries; i++) ledger.Append($"user-action-{i}", i == 0 ? Payload : $"payload {i}", $$"""{"user_id":"{{i}}"}""");
        return ledger;
    }

    public void Append(string subject, string payload, string? meta = null) =>
        Append(StatementOf(subject, payload, meta, out var disclosed), disclosed);

    public void Append(Statement statement, BundleMeta? meta = null, byte[]? seed = null)
    {
        var bytes = statement.ToBytes();
        var signature = SignStatement(bytes, seed);
        var keyId = seed is null ? EntryKeyId : SshFingerprint.OfEd25519(Ed25519.PublicKeyOf(seed));
        var prev = _entries.Count == 0 ? Digest.Zero : _entries[^1].Hash;
        var leaf = new Leaf(Origin, _entries.Count, prev, Digest.Sha256(bytes), keyId, signature);
        _entries.Add((statement, bytes, leaf, leaf.Hash(), meta));
    }

    public Statement StatementOf(string subject, string payload, string? meta, out BundleMeta? disclosed, string? type = null)
    {
        disclosed = null;
        var commitment = Digest.Sha256(Encoding.UTF8.GetBytes(subject));
        if (meta is not null)
        {
            Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(meta), new JsonLimits(Limits.MetaDepth, Limits.MetaBytes),
                out var canonical, out _));
            disclosed = new BundleMeta(SHA256.HashData(Encoding.UTF8.GetBytes("salt of " + subject)), canonical);
            commitment = MetaCommitment.Of(disclosed.Value, disclosed.Salt);
        }

        var id = $"019bfe8e-7d2c-7a10-8f3e-{_entries.Count.ToString("x12", CultureInfo.InvariantCulture)}";
        var hash = Digest.Sha256(Encoding.UTF8.GetBytes(payload));
        return new Statement(subject, hash, type ?? PredicateTypes.Entry, Tenant, id, "2026-01-27T09:08:07.123456Z", commitment);
    }

    public byte[] SignStatement(byte[] statement, byte[]? seed = null) =>
        Ed25519.Sign(seed ?? _entrySeed, Dsse.Pae(Dsse.InTotoPayloadType, statement));

    public string CheckpointAt(long size) => Sign(new Checkpoint(Origin, size, RootAt(size)));

    public string Sign(Checkpoint checkpoint)
    {
        var body = checkpoint.Body();
        return new Note(body, [CheckpointKey.SignatureLine(Ed25519.Sign(_checkpointSeed, Encoding.UTF8.GetBytes(body)))]).Format();
    }

    public Digest RootAt(long size) => size == 0 ? MerkleHash.EmptyRoot : TreeRoot.Build(size, [.. TreeRoot.Plan(size).Select(NodeAt)]);

    public Bundle BundleOf(int seq, long? size = null)
    {
        var covered = size ?? Size;
        var (_, statement, leaf, _, meta) = _entries[seq];
        var hashes = InclusionProof.Build(seq, covered, [.. InclusionProof.Plan(seq, covered).Select(NodeAt)]);
        return new Bundle(
            Envelope.OfStatement(statement, leaf.KeyId, leaf.Signature),
            new LeafPosition(leaf.Origin, leaf.Seq, leaf.Prev),
            new BundleProof(seq, hashes),
            CheckpointAt(covered),
            meta);
    }

    public Receipt ReceiptOf(int seq) =>
        Receipt.Of(_entries[seq].Statement, _entries[seq].Bytes, _entries[seq].Leaf, _entries[seq].Hash, EntryKey);

    public TrustLog TrustedLog() => new(
        Tenant, Origin, [new TrustedCheckpointKey(CheckpointKey, 0)], [new TrustedEntryKey(EntryKeyId, EntryKey, 0)],
        [AnchorKey.Pem]);

    /// <summary>The text of a note that is signed and anchored.</summary>
    public byte[] BodyAt(long size) => Encoding.UTF8.GetBytes(new Checkpoint(Origin, size, RootAt(size)).Body());

    public TrustFile Trust() => new([TrustedLog()], TrustPolicy.Default);

    /// <summary>The export folder as path and content.</summary>
    public SortedDictionary<string, byte[]> Export(params long[] olderCheckpoints)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var size in olderCheckpoints.Append(Size))
            files[ExportLayout.CheckpointAt(size)] = Encoding.UTF8.GetBytes(CheckpointAt(size));
        files[ExportLayout.Checkpoint] = Encoding.UTF8.GetBytes(CheckpointAt(Size));
        files[ExportLayout.Trust] = Trust().ToBytes();
        using var lines = new MemoryStream();
        foreach (var (_, statement, leaf, _, meta) in _entries)
        {
            lines.Write(new ExportedEntry(leaf, Envelope.OfStatement(statement, leaf.KeyId, leaf.Signature), meta).ToBytes());
            lines.WriteByte((byte)'\n');
        }

        files[ExportLayout.Entries] = lines.ToArray();
        AddTiles(files);
        return files;
    }

    public static LogFolder FolderOf(IReadOnlyDictionary<string, byte[]> files) =>
        new(path => files.TryGetValue(path, out var file) ? new MemoryStream(file, writable: false) : null, [.. files.Keys]);

    /// <summary>A fixed P-256 key: the seed, shifted into the field's order, is the private scalar.</summary>
    public static string P256Pem(byte[] seed)
    {
        seed[0] = 0;
        // PKCS #8 with the scalar alone: OpenSSL computes the point.
        byte[] sec1 = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, .. seed, 0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
            0x03, 0x01, 0x07];
        using var key = ECDsa.Create();
        key.ImportECPrivateKey(sec1, out _);
        return Spki.ToPem(key.ExportSubjectPublicKeyInfo());
    }

    public byte[] Seed(string purpose) => SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant}/{purpose}"));

    // Tiles by their definition: tile (L, N) holds the nodes of level 8L from 256N on. The verifier builds them by appending instead.
    private void AddTiles(SortedDictionary<string, byte[]> files)
    {
        for (var level = 0; Size >> (8 * level) > 0; level++)
        {
            var nodes = Size >> (8 * level);
            for (long index = 0; index * 256 < nodes; index++)
            {
                var width = (int)Math.Min(256, nodes - index * 256);
                files[new TileId(level, index, width).Path] =
                    [.. Enumerable.Range(0, width).SelectMany(i => NodeAt(new NodeId(8 * level, index * 256 + i)).ToArray())];
                if (level > 0) continue;
                files[new EntryBundleId(index, width).Path] = EntryBundle.Write(
                    [.. Enumerable.Range(0, width).Select(i => _entries[(int)index * 256 + i].Leaf.ToBytes())]);
            }
        }
    }

    private Digest NodeAt(NodeId node)
    {
        if (node.Level == 0) return _entries[(int)node.Index].Hash;
        if (_nodes.TryGetValue(node, out var known)) return known;
        return _nodes[node] = MerkleHash.Node(NodeAt(new NodeId(node.Level - 1, 2 * node.Index)),
            NodeAt(new NodeId(node.Level - 1, 2 * node.Index + 1)));
    }
}

internal static class Chaining
{
    /// <summary>Does something with a value on the way.</summary>
    public static T Also<T>(this T value, Action<T> action)
    {
        action(value);
        return value;
    }
}
