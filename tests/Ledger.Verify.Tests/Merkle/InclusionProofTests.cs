using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Merkle;

public class InclusionProofTests
{
    private const int Largest = 100;
    private readonly NaiveTree _tree = new(2 * Largest);

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, Largest + 1)];

    [Theory, MemberData(nameof(Sizes))]
    public void Every_leaf_has_the_proof_that_the_rfc_defines_and_it_checks(int size)
    {
        for (var index = 0; index < size; index++)
        {
            var proof = Prove(index, size);
            Assert.Equal(_tree.Path(index, size), proof);
            Assert.Null(InclusionProof.Check(_tree.LeafHash(index), index, size, proof, _tree.Root(size)));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_flipped_bit_anywhere_is_refused(int size)
    {
        var root = _tree.Root(size);
        for (var index = 0; index < size; index++)
        {
            var leaf = _tree.LeafHash(index);
            var proof = Prove(index, size);
            foreach (var bit in Flip.Bits(size, index))
            {
                Refused(FailureCode.InclusionRootMismatch, Flip.Bit(leaf, bit), index, size, proof, root);
                Refused(FailureCode.InclusionRootMismatch, leaf, index, size, proof, Flip.Bit(root, bit));
                for (var i = 0; i < proof.Length; i++)
                {
                    var good = proof[i];
                    proof[i] = Flip.Bit(good, bit);
                    Refused(FailureCode.InclusionRootMismatch, leaf, index, size, proof, root);
                    proof[i] = good;
                }
            }
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void One_hash_more_or_fewer_is_refused(int size)
    {
        var root = _tree.Root(size);
        for (var index = 0; index < size; index++)
        {
            var leaf = _tree.LeafHash(index);
            var proof = Prove(index, size);
            foreach (var extra in new[] { root, leaf, Digest.Zero })
            {
                Refused(FailureCode.InclusionProofLength, leaf, index, size, [.. proof, extra], root);
                Refused(FailureCode.InclusionProofLength, leaf, index, size, [extra, .. proof], root);
            }

            if (proof.Length == 0) continue;
            Refused(FailureCode.InclusionProofLength, leaf, index, size, proof[1..], root);
            Refused(FailureCode.InclusionProofLength, leaf, index, size, proof[..^1], root);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_leaf_at_the_wrong_index_is_refused(int size)
    {
        for (var index = 0; index < size; index++)
        {
            var proof = Prove(index, size);
            for (var wrong = -1; wrong <= size; wrong++)
            {
                if (wrong == index) continue;
                var failure = InclusionProof.Check(_tree.LeafHash(index), wrong, size, proof, _tree.Root(size));
                Assert.NotNull(failure);
                Assert.Equal(wrong < 0 || wrong >= size, failure == FailureCode.InclusionIndexOutOfRange);
            }
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Under_the_root_of_another_size_a_proof_is_refused(int size)
    {
        for (var index = 0; index < size; index++)
        {
            var leaf = _tree.LeafHash(index);
            var proof = Prove(index, size);
            for (var other = 1; other <= Largest; other++)
            {
                if (other == size) continue;

                // With both its size and its root, and with its root alone. (Its size alone is no promise of this checker: the root is what
                // is
                // signed together with the size, and a proof can have the same shape in two sizes.)
                Assert.NotNull(InclusionProof.Check(leaf, index, other, proof, _tree.Root(other)));
                Assert.NotNull(InclusionProof.Check(leaf, index, size, proof, _tree.Root(other)));
            }
        }
    }

    [Fact]
    public void Sizes_near_the_largest_are_planned_built_and_checked()
    {
        // All leaves are the same, so each level has one hash, and a range's hash is computed per size instead of per leaf.
        var levels = new List<Digest> { MerkleHash.Leaf("same"u8) };
        for (var level = 1; level < 63; level++) levels.Add(MerkleHash.Node(levels[^1], levels[^1]));
        long max = Limits.MaxSafeInteger;
        foreach (var size in new[] { max, max - 1, 1L << 52, (1L << 52) + 1, 0x1555_5555_5555_55L, long.MaxValue >> 1 })
        {
            var root = TreeRoot.Build(size, [.. TreeRoot.Plan(size).Select(node => levels[node.Level])]);
            foreach (var index in new[] { 0, 1, size / 2, size / 3, size - 2, size - 1 })
            {
                var proof = InclusionProof.Build(index, size, [.. InclusionProof.Plan(index, size).Select(node => levels[node.Level])]);
                Assert.InRange(proof.Length, 1, Limits.ProofHashes);
                Assert.Null(InclusionProof.Check(levels[0], index, size, proof, root));
                Assert.NotNull(InclusionProof.Check(levels[1], index, size, proof, root));
            }
        }
    }

    [Fact]
    public void Checking_allocates_nothing()
    {
        var leaf = _tree.LeafHash(37);
        var root = _tree.Root(100);
        IReadOnlyList<Digest> proof = Prove(37, 100);
        IReadOnlyList<Digest> list = [.. proof];
        for (var i = 0; i < 1000; i++) InclusionProof.Check(leaf, 37, 100, proof, root);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var first = InclusionProof.Check(leaf, 37, 100, proof, root);
        var second = InclusionProof.Check(leaf, 37, 100, list, root);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(first);
        Assert.Null(second);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(0, -1)]
    public void An_index_outside_the_tree_cannot_be_planned_or_built(long index, long size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Plan(index, size));
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Build(index, size, []));
    }

    [Fact]
    public void Building_from_more_or_fewer_nodes_than_planned_is_refused()
    {
        Digest[] nodes = [.. InclusionProof.Plan(3, 7).Select(Node)];
        Assert.Throws<ArgumentException>(() => InclusionProof.Build(3, 7, nodes[..^1]));
        Assert.Throws<ArgumentException>(() => InclusionProof.Build(3, 7, [.. nodes, nodes[0]]));
    }

    private Digest[] Prove(int index, int size) => InclusionProof.Build(index, size, [.. InclusionProof.Plan(index, size).Select(Node)]);

    private Digest Node(NodeId node) => _tree.Mth((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));

    private static void Refused(FailureCode expected, Digest leaf, long index, long size, IReadOnlyList<Digest> proof, Digest root)
    {
        // Not Assert.Equal: this runs two million times, and boxing would be most of it.
        if (InclusionProof.Check(leaf, index, size, proof, root) != expected)
        {
            Assert.Fail($"Leaf {index} of {size} was not refused with {expected}.");
        }
    }
}
