using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor2.Log;

/// <summary>What the log says to one request: the truth, or what a fault makes of it.</summary>
internal sealed class LogVoice(Rekor2Log log, LogKey wrongKey, Func<int> stranger, FaultMode mode)
{
    private static readonly byte[] OtherFirst = "{\"another\":\"history\"}"u8.ToArray();

    private readonly MerkleTree tree = mode == FaultMode.ForkedTree && log.Size > 0
        ? log.Tree.Fork(MerkleTree.LeafHash(OtherFirst))
        : log.Tree;

    public LogKey Key => mode == FaultMode.WrongKey ? wrongKey : log.Key;

    public FaultMode Mode => mode;

    public int Size => log.Size - (mode == FaultMode.ShrunkTree && log.Size > 0 ? 1 : 0);

    /// <summary>The entry that is shown instead of this one.</summary>
    public int Show(int index) => mode == FaultMode.OtherEntry ? stranger() : index;

    public byte[] Root(int size)
    {
        var root = tree.Root(size);
        return mode == FaultMode.WrongRoot ? SHA256.HashData(root) : root;
    }

    public string Checkpoint(int size) => Key.Checkpoint(size, Root(size), broken: mode == FaultMode.WrongSignature);

    public List<byte[]> Inclusion(int index, int size) => tree.Inclusion(index, size) switch
    {
        var hashes when mode != FaultMode.WrongProof => hashes,
        [] => [new byte[32]],
        [var first, .. var others] => [Flipped(first), .. others],
    };

    /// <summary>MTH(D[from:from+count]), as tiles show it.</summary>
    public byte[] Hash(int from, int count)
    {
        var hash = tree.Hash(from, count);
        return mode == FaultMode.WrongProof ? Flipped(hash) : hash;
    }

    public byte[] Body(int index) => mode switch
    {
        FaultMode.ForkedTree when index == 0 => OtherFirst,
        FaultMode.OtherEntry => log.Body(stranger()),
        _ => log.Body(index),
    };

    private static byte[] Flipped(byte[] hash) => [(byte)(hash[0] ^ 1), .. hash.AsSpan(1)];
}
