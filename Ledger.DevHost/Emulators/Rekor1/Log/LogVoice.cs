using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor1.Log;

/// <summary>What the log says to one request: the truth, or what a fault makes of it.</summary>
internal sealed class LogVoice(Rekor1Log log, string host, LogKey wrongKey, Func<Place> stranger, Fault? fault)
{
    private readonly FaultMode mode = fault?.Mode ?? FaultMode.Ok;

    public LogKey Key => mode == FaultMode.WrongKey ? wrongKey : log.Key;

    /// <summary>Seconds by which the clock is wrong.</summary>
    public long Skew => mode == FaultMode.ClockSkew ? (long)fault!.Skew.TotalSeconds : 0;

    public int SizeOf(Shard shard) => shard.Entries.Count - (mode == FaultMode.ShrunkTree && shard.Entries.Count > 0 ? 1 : 0);

    /// <summary>The entry that is shown instead of this one; null: the log has never heard of it.</summary>
    public Place? Show(Place place)
    {
        if (place.Index >= SizeOf(place.Shard))
            return null;
        return mode == FaultMode.OtherEntry ? stranger() : place;
    }

    public byte[] Root(Shard shard, int size)
    {
        var root = TreeOf(shard).Root(size);
        return mode == FaultMode.WrongRoot ? SHA256.HashData(root) : root;
    }

    public List<byte[]> Inclusion(Place place, int size) => Spoiled(TreeOf(place.Shard).Inclusion(place.Index, size));

    public List<byte[]> Consistency(Shard shard, int first, int second) => Spoiled(TreeOf(shard).Consistency(first, second));

    public string Checkpoint(Shard shard, int size) => Key.Checkpoint(host, shard.TreeId, size, Root(shard, size), Sign);

    /// <summary>The signed entry timestamp: over RFC 8785 of body, integratedTime, logID and logIndex.</summary>
    public byte[] EntryTimestamp(Place place)
    {
        var signed = new StringBuilder("{\"body\":\"").Append(Convert.ToBase64String(place.Entry.Body))
            .Append("\",\"integratedTime\":").Append(place.Entry.IntegratedTime)
            .Append(",\"logID\":\"").Append(Convert.ToHexStringLower(Key.LogId))
            .Append("\",\"logIndex\":").Append(place.GlobalIndex).Append('}');
        return Sign(Encoding.ASCII.GetBytes(signed.ToString()));
    }

    private byte[] Sign(byte[] message) => Key.Sign(mode == FaultMode.WrongSignature ? [.. message, 0] : message);

    private MerkleTree TreeOf(Shard shard) => mode == FaultMode.ForkedTree && shard.Tree.Size > 0
        ? shard.Tree.Fork(SHA256.HashData(shard.Tree.Leaf(0)))
        : shard.Tree;

    private List<byte[]> Spoiled(List<byte[]> hashes)
    {
        if (mode != FaultMode.WrongProof)
            return hashes;
        if (hashes.Count == 0)
            return [new byte[32]];
        var first = (byte[])hashes[0].Clone();
        first[0] ^= 1;
        return [first, .. hashes.Skip(1)];
    }
}
