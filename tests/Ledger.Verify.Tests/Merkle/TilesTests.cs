using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Merkle;

public class TilesTests
{
    // Every level of a perfect-as-far-as-it-goes tree, level by level: what tiles store and what they leave out.
    private static readonly Digest[][] Levels = Build(70_000);

    public static TheoryData<int> Sizes =>
        [1, 2, 3, 7, 8, 9, 63, 64, 100, 127, 128, 129, 255, 256, 257, 258, 300, 511, 512, 513, 767, 768, 999, 1000];

    [Theory, MemberData(nameof(Sizes))]
    public void Every_node_is_found_in_the_tile_that_holds_it(int size)
    {
        for (var level = 0; level < Levels.Length; level++)
        {
            for (long index = 0; index < size >> level; index++) AssertFound(new NodeId(level, index), size);
        }
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(70_000)]
    public void In_larger_trees_the_first_middle_and_last_nodes_of_every_level_are_found(int size)
    {
        for (var level = 0; level < Levels.Length; level++)
        {
            long count = size >> level;
            foreach (var index in new[] { 0, 1, 255, 256, 257, count / 3, count / 2, count - 2, count - 1 }
                .Where(i => i >= 0 && i < count).Distinct())
            {
                AssertFound(new NodeId(level, index), size);
            }
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(70_000)]
    public void A_proof_reads_at_most_two_tiles_per_tile_level(int size)
    {
        for (long index = 0; index < size; index += 1 + size / 500)
        {
            var plan = InclusionProof.Plan(index, size);
            var tiles = plan.Select(node => Tiles.Holding(node, size)).Distinct();
            Assert.All(tiles.GroupBy(tile => tile.Level), level => Assert.InRange(level.Count(), 1, 2));

            var proof = InclusionProof.Build(index, size, [.. plan.Select(node => Read(node, size))]);
            var root = TreeRoot.Build(size, [.. TreeRoot.Plan(size).Select(node => Read(node, size))]);
            Assert.Null(InclusionProof.Check(Levels[0][index], index, size, proof, root));
        }
    }

    [Fact]
    public void A_tree_of_70_000_has_the_tiles_that_the_specification_lists()
    {
        Assert.Equal("tile/0/273.p/112", Tiles.At(0, 273, 70_000).Path);
        Assert.Equal("tile/0/272", Tiles.At(0, 272, 70_000).Path);
        Assert.Equal("tile/1/000", Tiles.At(1, 0, 70_000).Path);
        Assert.Equal("tile/1/001.p/17", Tiles.At(1, 1, 70_000).Path);
        Assert.Equal("tile/2/000.p/1", Tiles.At(2, 0, 70_000).Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.At(0, 274, 70_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.At(3, 0, 70_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.At(63, 0, 70_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.At(0, 0, 0));
    }

    [Fact]
    public void A_tree_of_256_has_one_full_tile_and_one_hash_above_it()
    {
        Assert.Equal(new TileId(0, 0, 256), Tiles.At(0, 0, 256));
        Assert.Equal(new TileId(1, 0, 1), Tiles.At(1, 0, 256));
        Assert.Equal(new TileId(1, 0, 1), Tiles.Holding(new NodeId(8, 0), 256));
        Assert.Equal(new TileId(0, 0, 256), Tiles.Holding(new NodeId(7, 1), 256));
    }

    [Fact]
    public void A_node_that_is_not_a_complete_subtree_is_in_no_tile()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.Holding(new NodeId(0, 7), 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.Holding(new NodeId(2, 1), 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.Holding(new NodeId(-1, 0), 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.Holding(new NodeId(0, -1), 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.Holding(new NodeId(63, 0), long.MaxValue));
    }

    [Fact]
    public void Bytes_of_another_length_and_nodes_of_another_tile_are_refused()
    {
        var tile = Tiles.At(0, 1, 300);
        var bytes = Bytes(tile);
        Assert.Equal(Levels[0][256], Tiles.Node(tile, bytes, new NodeId(0, 256)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, bytes.AsSpan(1), new NodeId(0, 256)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, [.. bytes, 0], new NodeId(0, 256)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, bytes, new NodeId(0, 255)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, bytes, new NodeId(0, 300)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, bytes, new NodeId(3, 37)));
        Assert.Throws<ArgumentException>(() => Tiles.Node(tile, bytes, new NodeId(8, 0)));
    }

    [Fact]
    public void Growing_step_by_step_fills_each_tile_once_and_in_order()
    {
        foreach (var step in new[] { 1, 7, 255, 256, 257, 3000, 70_000 })
        {
            var filled = new List<TileId>();
            for (var size = 0; size < 70_000; size = Math.Min(size + step, 70_000))
            {
                filled.AddRange(Tiles.NewFullTiles(size, Math.Min(size + step, 70_000)));
            }

            Assert.Equal(273 + 1, filled.Count);
            Assert.Equal(filled.Count, filled.Distinct().Count());
            Assert.All(filled, tile => Assert.Equal(tile, Tiles.At(tile.Level, tile.Index, 70_000)));

            // The first tile of level 1 comes after all 256 that it is made of.
            var first = filled.IndexOf(new TileId(1, 0, 256));
            Assert.Equal(256, filled.Take(first).Count(tile => tile is { Level: 0, Index: < 256 }));
        }

        Assert.Empty(Tiles.NewFullTiles(0, 255));
        Assert.Empty(Tiles.NewFullTiles(256, 511));
        Assert.Equal([new TileId(0, 0, 256)], Tiles.NewFullTiles(255, 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.NewFullTiles(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.NewFullTiles(-1, 1));
    }

    private static void AssertFound(NodeId node, int size)
    {
        Assert.Equal(Levels[node.Level][node.Index], Read(node, size));
    }

    private static Digest Read(NodeId node, int size)
    {
        var tile = Tiles.Holding(node, size);
        Assert.Equal(tile, Tiles.At(tile.Level, tile.Index, size));
        return Tiles.Node(tile, Bytes(tile), node);
    }

    private static byte[] Bytes(TileId tile) =>
        [.. Levels[8 * tile.Level].Skip((int)tile.Index * 256).Take(tile.Width).SelectMany(hash => hash.ToArray())];

    private static Digest[][] Build(int size)
    {
        var levels = new List<Digest[]> { Enumerable.Range(0, size).Select(i => MerkleHash.Leaf(NaiveTree.LeafData(i))).ToArray() };
        while (levels[^1].Length > 1)
        {
            levels.Add([.. levels[^1].Chunk(2).Where(pair => pair.Length == 2).Select(pair => MerkleHash.Node(pair[0], pair[1]))]);
        }

        return [.. levels];
    }
}
