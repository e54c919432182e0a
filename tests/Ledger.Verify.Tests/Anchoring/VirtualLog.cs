using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;
using Ledger.Verify.Tests.Merkle;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>
/// A transparency log in memory, of Rekor v1's or v2's form, with fixed keys: whatever body is added has valid proofs, checkpoints and (v1)
/// promises, which cosign accepts. With <see cref="VirtualTsa"/> and <see cref="VirtualAnchor"/> it makes whole Sigstore bundles. Tests
/// take what they need from it and break that. (tests/Ledger.Verify.Tests/Anchoring/VirtualLog.cs)
/// </summary>
public sealed class VirtualLog
{
    /// <summary>When v1 says it took an entry in: 2026-11-21T20:56:28Z and a second later for each further one.</summary>
    public const long FirstIntegratedTime = 1_795_294_588;

    private readonly List<byte[]> _bodies = [];
    private readonly NaiveTree _tree;
    private readonly string? _treeId;
    private readonly long _olderShards;
    private readonly VirtualSigner? _ecdsa;
    private readonly byte[] _seed;

    private VirtualLog(string host, string? treeId, long olderShards, VirtualSigner? ecdsa)
    {
        _tree = new NaiveTree(int.MaxValue, index => _bodies[index]);
        (_treeId, _olderShards, _ecdsa) = (treeId, olderShards, ecdsa);
        _seed = SHA256.HashData(Encoding.UTF8.GetBytes("virtual log " + host));
        var spki = ecdsa?.Spki ?? Spki.OfEd25519(Ed25519.PublicKeyOf(_seed));
        // Written out, not asked of the product: SHA-256(origin ‖ LF ‖ 0x01 ‖ raw key).
        var named = ecdsa is not null ? spki : [.. Encoding.UTF8.GetBytes(host), 0x0a, 0x01, .. Ed25519.PublicKeyOf(_seed)];
        var id = new Digest(SHA256.HashData(named));
        Trusted = new TrustedLog(id, host, spki, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), null);
    }

    /// <summary>As a trusted root names it.</summary>
    public TrustedLog Trusted { get; }

    public int Size => _bodies.Count;

    public bool IsV1 => _treeId is not null;

    /// <summary>ECDSA P-256, origin <c>host - treeid</c>, promises.</summary>
    /// <param name="host">The name of its signatures.</param>
    /// <param name="olderShards">Entries of the shards before this one: a global index is that much above the shard's.</param>
    /// <param name="treeId">Of the shard.</param>
    public static VirtualLog Rekor1(string host = "rekor.virtual.test", long olderShards = 1000, string treeId = "2824519805661362833") =>
        new(host, treeId, olderShards, new VirtualSigner("log " + host));

    /// <summary>Ed25519, the origin is the host, neither promises nor times.</summary>
    public static VirtualLog Rekor2(string host = "rekor2.virtual.test") => new(host, null, 0, null);

    /// <summary>Takes a body in as it is.</summary>
    /// <returns>Its index in the shard.</returns>
    public int Add(byte[] body)
    {
        _bodies.Add(body);
        return _bodies.Count - 1;
    }

    /// <summary>Entries of nobody, so that proofs have hashes.</summary>
    public VirtualLog Fill(int count)
    {
        for (var i = 0; i < count; i++)
            Add(Encoding.ASCII.GetBytes($$"""{"apiVersion":"0.0.1","kind":"filler","spec":{{_bodies.Count}}}"""));
        return this;
    }

    /// <summary>The entry with its proof in the tree of that size (null: the current one).</summary>
    public LogEntry Entry(int index, int? size = null)
    {
        var (count, body) = (size ?? Size, _bodies[index]);
        var inclusion = new LogInclusion(index, _tree.Root(count), count, _tree.Path(index, count), Checkpoint(count));
        var text = Encoding.UTF8.GetString(body);
        var (kind, version) = text.Contains("\"kind\":\"dsse\"", StringComparison.Ordinal) ? ("dsse", "0.0.1")
            : ("hashedrekord", text.Contains("\"apiVersion\":\"0.0.2\"", StringComparison.Ordinal) ? "0.0.2" : "0.0.1");
        var time = IsV1 ? FirstIntegratedTime + index : 0;
        var entry = new LogEntry(_olderShards + index, Trusted.LogId, kind, version, time, null, inclusion, body);
        return IsV1 ? entry with { SignedEntryTimestamp = Promise(entry) } : entry;
    }

    /// <summary>The signed note at that size.</summary>
    /// <param name="size">Leaves.</param>
    /// <param name="extension">Further lines, each with its newline.</param>
    public string Checkpoint(int size, string extension = "") =>
        Note(IsV1 ? $"{Trusted.Origin} - {_treeId}" : Trusted.Origin, size, _tree.Root(size), extension);

    /// <summary>A note of this log's key over anything.</summary>
    public string Note(string origin, long size, Digest root, string extension = "")
    {
        var rootText = Convert.ToBase64String(root.ToArray());
        var text = string.Create(CultureInfo.InvariantCulture, $"{origin}\n{size}\n{rootText}\n{extension}");
        return $"{text}\n{SignatureLine(Trusted.Origin, text)}";
    }

    /// <summary>A signature line over that text, with its newline.</summary>
    public string SignatureLine(string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var signature = _ecdsa?.Sign(bytes) ?? Ed25519.Sign(_seed, bytes);
        return $"\u2014 {name} {Convert.ToBase64String([.. Trusted.LogId.ToArray().AsSpan(0, 4), .. signature])}\n";
    }

    /// <summary>The SET over the entry as it is.</summary>
    public byte[] Promise(LogEntry entry)
    {
        var (body, id) = (Convert.ToBase64String(entry.CanonicalizedBody), entry.LogId.ToHex());
        var signed = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"body":"{{body}}","integratedTime":{{entry.IntegratedTime}},"logID":"{{id}}","logIndex":{{entry.LogIndex}}}""");
        return (_ecdsa ?? throw new InvalidOperationException("Rekor v2 promises nothing.")).Sign(Encoding.ASCII.GetBytes(signed));
    }

    /// <summary>Roots and consistency proofs, for sweeps.</summary>
    public Digest Root(int size) => _tree.Root(size);

    /// <summary>PROOF(from, D[to]).</summary>
    public IReadOnlyList<Digest> Consistency(int from, int to) => _tree.Proof(from, to);

    /// <summary>The key hint of its notes.</summary>
    public uint Hint => BinaryPrimitives.ReadUInt32BigEndian(Trusted.LogId.ToArray());
}
