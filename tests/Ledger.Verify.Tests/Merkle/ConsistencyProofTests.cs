using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Merkle;

public class ConsistencyProofTests
{
    private const int Largest = 100;
    private readonly NaiveTree _tree = new(2 * Largest);

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, Largest + 1)];

    [Theory, MemberData(nameof(Sizes))]
    public void Every_pair_has_the_proof_that_the_rfc_defines_and_it_checks(int to)
    {
        for (var from = 0; from <= to; from++)
        {
            var proof = Prove(from, to);
            if (from > 0) Assert.Equal(_tree.Proof(from, to), proof);
            else Assert.Empty(proof);
            Assert.Null(ConsistencyProof.Check(from, _tree.Root(from), to, _tree.Root(to), proof));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_flipped_bit_anywhere_is_refused(int to)
    {
        var toRoot = _tree.Root(to);
        for (var from = 1; from <= to; from++)
        {
            var fromRoot = _tree.Root(from);
            var proof = Prove(from, to);
            foreach (var bit in Flip.Bits(to, from))
            {
                Refused(from, Flip.Bit(fromRoot, bit), to, toRoot, proof);
                Refused(from, fromRoot, to, Flip.Bit(toRoot, bit), proof);
                for (var i = 0; i < proof.Length; i++)
                {
                    var good = proof[i];
                    proof[i] = Flip.Bit(good, bit);
                    Refused(from, fromRoot, to, toRoot, proof);
                    proof[i] = good;
                }
            }
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void One_hash_more_or_fewer_is_refused(int to)
    {
        for (var from = 0; from <= to; from++)
        {
            Digest fromRoot = _tree.Root(from), toRoot = _tree.Root(to);
            var proof = Prove(from, to);
            foreach (var extra in new[] { fromRoot, toRoot, Digest.Zero })
            {
                Assert.Equal(FailureCode.ConsistencyProofLength, ConsistencyProof.Check(from, fromRoot, to, toRoot, [.. proof, extra]));
                Assert.Equal(FailureCode.ConsistencyProofLength, ConsistencyProof.Check(from, fromRoot, to, toRoot, [extra, .. proof]));
            }

            if (proof.Length == 0) continue;
            Assert.Equal(FailureCode.ConsistencyProofLength, ConsistencyProof.Check(from, fromRoot, to, toRoot, proof[1..]));
            Assert.Equal(FailureCode.ConsistencyProofLength, ConsistencyProof.Check(from, fromRoot, to, toRoot, proof[..^1]));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Other_sizes_with_their_roots_are_refused(int to)
    {
        for (var from = 1; from <= to; from++)
        {
            var proof = Prove(from, to);
            for (var other = 1; other <= Largest; other++)
            {
                // Between equal sizes there is nothing to prove, so an empty proof is the proof there.
                if (other != from && other != to)
                {
                    Assert.NotNull(ConsistencyProof.Check(other, _tree.Root(other), to, _tree.Root(to), proof));
                }

                if (other != to && other != from)
                {
                    Assert.NotNull(ConsistencyProof.Check(from, _tree.Root(from), other, _tree.Root(other), proof));
                }
            }

            if (from < to)
            {
                Assert.NotNull(ConsistencyProof.Check(from, _tree.Root(to), to, _tree.Root(from), proof));
                Assert.Equal(FailureCode.ConsistencySizeOutOfRange,
                    ConsistencyProof.Check(to, _tree.Root(to), from, _tree.Root(from), proof));
            }
        }
    }

    [Fact]
    public void From_the_empty_tree_only_the_empty_root_and_the_empty_proof_are_accepted()
    {
        Assert.Null(ConsistencyProof.Check(0, MerkleHash.EmptyRoot, 5, _tree.Root(5), []));
        Assert.Null(ConsistencyProof.Check(0, MerkleHash.EmptyRoot, 0, MerkleHash.EmptyRoot, []));
        Assert.Equal(FailureCode.ConsistencyFromRootMismatch, ConsistencyProof.Check(0, Digest.Zero, 5, _tree.Root(5), []));
        Assert.Equal(FailureCode.ConsistencyToRootMismatch, ConsistencyProof.Check(0, MerkleHash.EmptyRoot, 0, Digest.Zero, []));
        Assert.Equal(FailureCode.ConsistencySizeOutOfRange, ConsistencyProof.Check(-1, MerkleHash.EmptyRoot, 5, _tree.Root(5), []));
    }

    [Fact]
    public void Each_root_has_a_code_of_its_own()
    {
        var proof = Prove(6, 8);
        Assert.Equal(FailureCode.ConsistencyFromRootMismatch, ConsistencyProof.Check(6, Digest.Zero, 8, _tree.Root(8), proof));
        Assert.Equal(FailureCode.ConsistencyToRootMismatch, ConsistencyProof.Check(6, _tree.Root(6), 8, Digest.Zero, proof));
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Sizes_out_of_order_cannot_be_planned_or_built(long from, long to)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConsistencyProof.Plan(from, to));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConsistencyProof.Build(from, to, []));
    }

    [Fact]
    public void Building_from_more_or_fewer_nodes_than_planned_is_refused()
    {
        Digest[] nodes = [.. ConsistencyProof.Plan(3, 7).Select(Node)];
        Assert.Throws<ArgumentException>(() => ConsistencyProof.Build(3, 7, nodes[..^1]));
        Assert.Throws<ArgumentException>(() => ConsistencyProof.Build(3, 7, [.. nodes, nodes[0]]));
    }

    private Digest[] Prove(int from, int to) => ConsistencyProof.Build(from, to, [.. ConsistencyProof.Plan(from, to).Select(Node)]);

    private Digest Node(NodeId node) => _tree.Mth((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));

    private static void Refused(long from, Digest fromRoot, long to, Digest toRoot, IReadOnlyList<Digest> proof)
    {
        var failure = ConsistencyProof.Check(from, fromRoot, to, toRoot, proof);
        if (failure is not (FailureCode.ConsistencyFromRootMismatch or FailureCode.ConsistencyToRootMismatch))
        {
            Assert.Fail($"{from} to {to} was not refused for its roots.");
        }
    }
}
