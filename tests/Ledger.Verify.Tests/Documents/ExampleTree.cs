using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Documents;

/// <summary>The tree over the example's entries, by RFC 6962's recursive definition; the proofs are the product's.</summary>
internal sealed class ExampleTree(IReadOnlyList<ExampleEntry> log)
{
    public static readonly VerifierKey Key = new(ExampleEntry.Origin, Ed25519.PublicKeyOf(ExampleEntry.CheckpointSeed));

    public Digest Root(int size) => size == 0 ? Digest.Sha256([]) : Range(0, size);

    public Digest[] Inclusion(int index, int size) => InclusionProof.Build(index, size, [.. InclusionProof.Plan(index, size).Select(Node)]);

    public Digest[] Consistency(int from, int to) => ConsistencyProof.Build(from, to, [.. ConsistencyProof.Plan(from, to).Select(Node)]);

    public Checkpoint Checkpoint(int size) => new(ExampleEntry.Origin, size, Root(size));

    public Note SignedNote(int size)
    {
        var body = Checkpoint(size).Body();
        return new Note(body, [Key.SignatureLine(Ed25519.Sign(ExampleEntry.CheckpointSeed, System.Text.Encoding.UTF8.GetBytes(body)))]);
    }

    private Digest Node(NodeId node) => Range((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));

    private Digest Range(int from, int to)
    {
        if (to - from == 1) return log[from].LeafHash;
        var left = 1;
        while (left * 2 < to - from) left *= 2;
        return MerkleHash.Node(Range(from, from + left), Range(from + left, to));
    }
}
