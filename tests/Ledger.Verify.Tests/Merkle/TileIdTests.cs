using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Merkle;

public class TileIdTests
{
    [Theory]
    [InlineData("tile/0/000", 0, 0, 256)]
    [InlineData("tile/0/007", 0, 7, 256)]
    [InlineData("tile/0/999", 0, 999, 256)]
    [InlineData("tile/0/x001/000", 0, 1000, 256)]
    [InlineData("tile/0/x001/067", 0, 1067, 256)]
    [InlineData("tile/0/x001/x234/067", 0, 1234067, 256)]
    [InlineData("tile/3/x001/x234/067", 3, 1234067, 256)]
    [InlineData("tile/63/000.p/1", 63, 0, 1)]
    [InlineData("tile/1/x999/999.p/255", 1, 999999, 255)]
    [InlineData("tile/10/x123/x456/x789/x012/345", 10, 123456789012345, 256)]
    public void A_path_and_its_tile_are_one_to_one(string path, int level, long index, int width)
    {
        Assert.Equal(path, new TileId(level, index, width).Path);
        Assert.True(TileId.TryParsePath(path, out var tile));
        Assert.Equal(new TileId(level, index, width), tile);
    }

    [Theory]
    [InlineData("tile/entries/000", 0, 256)]
    [InlineData("tile/entries/x001/x234/067", 1234067, 256)]
    [InlineData("tile/entries/x001/x234/067.p/8", 1234067, 8)]
    public void An_entry_bundles_path_is_one_to_one(string path, long index, int width)
    {
        Assert.Equal(path, new EntryBundleId(index, width).Path);
        Assert.True(EntryBundleId.TryParsePath(path, out var bundle));
        Assert.Equal(new EntryBundleId(index, width), bundle);
        Assert.False(TileId.TryParsePath(path, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/000/")]
    [InlineData("Tile/0/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/+1/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/100/000")]
    [InlineData("tile/ 1/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/00")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/1000")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/000/001")]
    [InlineData("tile/0/001/067")]
    [InlineData("tile/0/x001/x067")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/x01/067")]
    [InlineData("tile/0/x001//067")]
    [InlineData("tile/0/X001/067")]
    [InlineData("tile/0/-01")]
    [InlineData("tile/0/00a")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/1000")]
    [InlineData("tile/0/000.p/-1")]
    [InlineData("tile/0/000.p/5/")]
    [InlineData("tile/0/000.p/5.p/5")]
    [InlineData("tile/0/.p/5")]
    [InlineData("tile/0/000.P/5")]
    [InlineData("tile/0/000?x=1")]
    [InlineData("tile/0/٠٠٠")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("tile/8/0/000")]
    public void A_malformed_path_is_refused(string path)
    {
        Assert.False(TileId.TryParsePath(path, out var tile));
        Assert.Equal(default, tile);
        Assert.False(EntryBundleId.TryParsePath(path, out _));
        Assert.False(EntryBundleId.TryParsePath(path.Replace("tile/0/", "tile/entries/", StringComparison.Ordinal), out _));
    }
}
