using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Tests.Emulators.Logs;

/// <summary>Against the verification algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2, which are not how the tree is made.</summary>
public sealed class MerkleTreeTests
{
    private const int Largest = 70;

    [Fact]
    public void The_examples_of_RFC_6962_come_out()
    {
        // certificate-transparency's reference leaves.
        byte[][] entries = [[], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            Convert.FromHexString("5051525354555657"), Convert.FromHexString("606162636465666768696a6b6c6d6e6f")];
        var tree = new MerkleTree();
        foreach (var entry in entries)
            tree.Add(MerkleTree.LeafHash(entry));

        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hex(tree.Root(0)));
        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", Hex(tree.Root(1)));
        Assert.Equal("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", Hex(tree.Root(8)));
    }

    [Fact]
    public void Every_inclusion_proof_of_every_size_verifies()
    {
        var tree = Tree(Largest);
        for (var size = 1; size <= Largest; size++)
        {
            for (var index = 0; index < size; index++)
                Assert.Equal(Hex(tree.Root(size)), Hex(RootFrom(tree.Leaf(index), index, size, tree.Inclusion(index, size))!));
        }
    }

    [Fact]
    public void Every_consistency_proof_of_every_two_sizes_verifies()
    {
        var tree = Tree(Largest);
        for (var second = 1; second <= Largest; second++)
        {
            for (var first = 1; first < second; first++)
                Assert.True(Consistent(first, second, tree.Root(first), tree.Root(second), tree.Consistency(first, second)));
            Assert.Empty(tree.Consistency(second, second));
        }
    }

    [Fact]
    public void A_fork_is_of_the_same_size_with_proofs_that_fit_and_another_root()
    {
        var tree = Tree(21);
        var fork = tree.Fork(MerkleTree.LeafHash("other"u8));

        Assert.Equal(tree.Size, fork.Size);
        Assert.NotEqual(Hex(tree.Root(21)), Hex(fork.Root(21)));
        Assert.Equal(Hex(fork.Root(21)), Hex(RootFrom(tree.Leaf(13), 13, 21, fork.Inclusion(13, 21))!));
        Assert.False(Consistent(8, 21, tree.Root(8), fork.Root(21), fork.Consistency(8, 21)));
    }

    private static MerkleTree Tree(int size)
    {
        var tree = new MerkleTree();
        for (var i = 0; i < size; i++)
            tree.Add(MerkleTree.LeafHash(Encoding.ASCII.GetBytes($"entry {i}")));
        return tree;
    }

    private static byte[]? RootFrom(byte[] leaf, long index, long size, List<byte[]> path)
    {
        var (fn, sn, root) = (index, size - 1, leaf);
        foreach (var hash in path)
        {
            if (sn == 0)
                return null;
            if (fn % 2 == 1 || fn == sn)
            {
                root = Node(hash, root);
                while (fn % 2 == 0 && fn != 0)
                    (fn, sn) = (fn / 2, sn / 2);
            }
            else
                root = Node(root, hash);
            (fn, sn) = (fn / 2, sn / 2);
        }
        return sn == 0 ? root : null;
    }

    private static bool Consistent(long first, long second, byte[] firstRoot, byte[] secondRoot, List<byte[]> proof)
    {
        var path = new Queue<byte[]>((first & (first - 1)) == 0 ? proof.Prepend(firstRoot) : proof);
        var (fn, sn) = (first - 1, second - 1);
        for (; fn % 2 == 1; fn /= 2)
            sn /= 2;
        if (!path.TryDequeue(out var seed))
            return false;
        var (fr, sr) = (seed, seed);
        foreach (var hash in path)
        {
            if (sn == 0)
                return false;
            if (fn % 2 == 1 || fn == sn)
            {
                (fr, sr) = (Node(hash, fr), Node(hash, sr));
                while (fn % 2 == 0 && fn != 0)
                    (fn, sn) = (fn / 2, sn / 2);
            }
            else
                sr = Node(sr, hash);
            (fn, sn) = (fn / 2, sn / 2);
        }
        return sn == 0 && fr.SequenceEqual(firstRoot) && sr.SequenceEqual(secondRoot);
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
