using System.Globalization;

namespace Ledger.Verify.Merkle;

/// <summary>A tile of 256 consecutive hashes, or fewer at the tree's right edge. https://c2sp.org/tlog-tiles</summary>
/// <param name="Level">0…63; the hashes are those of <see cref="NodeId"/> level 8 × this.</param>
/// <param name="Index">From the left, within its level.</param>
/// <param name="Width">Hashes in it, 1…256; 256 is a full tile.</param>
// Example: tile/0/x001/x234/067 is tile 1234067 of the leaves' hashes; tile/1/000.p/17 has 17 hashes of full tiles below it.
public readonly record struct TileId(int Level, long Index, int Width)
{
    public bool IsFull => Width == Tiles.FullWidth;

    /// <summary>Such as <c>tile/0/x001/067</c>, with <c>.p/5</c> after it when partial.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{TilePath.Format(Index, Width)}");

    /// <summary>Accepts exactly what <see cref="Path"/> writes. <c>tile/entries/…</c> is <see cref="EntryBundleId"/>'s.</summary>
    public static bool TryParsePath(string path, out TileId tile)
    {
        ArgumentNullException.ThrowIfNull(path);
        tile = default;
        if (!path.StartsWith("tile/", StringComparison.Ordinal)) return false;
        var slash = path.IndexOf('/', 5);
        if (slash < 0 || !TilePath.TryParseDecimal(path.AsSpan(5, slash - 5), Tiles.MaxLevel, out var level)) return false;
        if (!TilePath.TryParse(path[(slash + 1)..], out var index, out var width)) return false;
        tile = new TileId((int)level, index, width);
        return true;
    }
}

/// <summary>
/// The entries whose leaf hashes are in level 0's tile of the same index and width. https://c2sp.org/tlog-tiles#log-entries
/// </summary>
/// <param name="Index">The first entry is 256 × this.</param>
/// <param name="Width">Entries in it, 1…256.</param>
// Example: tile/entries/x001/x234/067.p/8
public readonly record struct EntryBundleId(long Index, int Width)
{
    public string Path => "tile/entries/" + TilePath.Format(Index, Width);

    /// <summary>Accepts exactly what <see cref="Path"/> writes.</summary>
    public static bool TryParsePath(string path, out EntryBundleId bundle)
    {
        ArgumentNullException.ThrowIfNull(path);
        bundle = default;
        const string Prefix = "tile/entries/";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (!TilePath.TryParse(path[Prefix.Length..], out var index, out var width)) return false;
        bundle = new EntryBundleId(index, width);
        return true;
    }
}
