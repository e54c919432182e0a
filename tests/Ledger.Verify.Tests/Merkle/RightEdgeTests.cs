using System.Numerics;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Merkle;

public class RightEdgeTests
{
    private readonly NaiveTree _tree = new(300);

    [Fact]
    public void The_root_of_every_size_is_the_one_that_the_rfc_defines()
    {
        var edge = new RightEdge();
        for (var size = 0; size <= 300; size++)
        {
            Assert.Equal(size, edge.Size);
            Assert.Equal(_tree.Root(size), edge.Root());
            Assert.Equal(_tree.Root(size), TreeRoot.Build(size, [.. TreeRoot.Plan(size).Select(Node)]));
            if (size < 300) edge.Append(_tree.LeafHash(size));
        }
    }

    [Fact]
    public void Its_bytes_are_the_planned_subtrees_largest_first_and_restore_it()
    {
        var edge = new RightEdge();
        for (var size = 0; size < 130; size++)
        {
            var bytes = edge.ToBytes();
            Assert.Equal(32 * BitOperations.PopCount((uint)size), bytes.Length);
            Assert.Equal(TreeRoot.Plan(size).SelectMany(node => Node(node).ToArray()), bytes);

            var restored = RightEdge.Restore(size, bytes);
            Assert.Equal(edge.Root(), restored.Root());
            restored.Append(_tree.LeafHash(size));
            edge.Append(_tree.LeafHash(size));
            Assert.Equal(edge.ToBytes(), restored.ToBytes());
            Assert.Equal(size + 1, restored.Size);
        }
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(1, 0)]
    [InlineData(3, 32)]
    [InlineData(3, 63)]
    [InlineData(4, 64)]
    [InlineData(7, 128)]
    public void Bytes_that_do_not_fit_the_size_are_refused(long size, int bytes) =>
        Assert.Throws<FormatException>(() => RightEdge.Restore(size, new byte[bytes]));

    [Fact]
    public void A_negative_size_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RightEdge.Restore(-1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => TreeRoot.Plan(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TreeRoot.Build(-1, []));
    }

    [Fact]
    public void A_root_from_more_or_fewer_nodes_than_planned_is_refused()
    {
        Digest[] nodes = [.. TreeRoot.Plan(7).Select(Node)];
        Assert.Throws<ArgumentException>(() => TreeRoot.Build(7, nodes[..^1]));
        Assert.Throws<ArgumentException>(() => TreeRoot.Build(7, [.. nodes, nodes[0]]));
        Assert.Throws<ArgumentException>(() => TreeRoot.Build(0, nodes));
    }

    private Digest Node(NodeId node) => _tree.Mth((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));
}
