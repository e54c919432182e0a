using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor1.Log;

/// <summary>One entry as it is kept: canonical body, seconds since 1970, the keys it is found by.</summary>
internal sealed record StoredEntry(byte[] Body, long IntegratedTime, string[] Keys);

/// <summary>One tree of a log: indexes in it begin at 0, the log's own go on over all of them.</summary>
/// <param name="TreeId">A positive 63-bit number.</param>
/// <param name="FirstIndex">The log's index of this tree's first entry.</param>
internal sealed record Shard(long TreeId, long FirstIndex)
{
    private readonly Dictionary<string, int> byLeaf = new(StringComparer.Ordinal);

    public List<StoredEntry> Entries { get; } = [];

    public MerkleTree Tree { get; } = new();

    public int Add(StoredEntry entry)
    {
        var leaf = MerkleTree.LeafHash(entry.Body);
        byLeaf[Convert.ToHexStringLower(leaf)] = Entries.Count;
        Entries.Add(entry);
        Tree.Add(leaf);
        return Entries.Count - 1;
    }

    /// <param name="leaf">Lower-case hex of a leaf hash: Rekor's UUID.</param>
    public int? Find(string leaf) => byLeaf.TryGetValue(leaf, out var index) ? index : null;
}

/// <summary>Where an entry is.</summary>
internal readonly record struct Place(Shard Shard, int Index)
{
    public StoredEntry Entry => Shard.Entries[Index];

    /// <summary>16 hex digits of the tree, 64 of the leaf.</summary>
    public string EntryId => $"{Shard.TreeId:x16}{Convert.ToHexStringLower(Shard.Tree.Leaf(Index))}";

    public long GlobalIndex => Shard.FirstIndex + Index;
}
