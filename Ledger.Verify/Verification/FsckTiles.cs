using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>Compares the folder's hash tiles and entry bundles with the rebuilt ones.</summary>
internal sealed class FsckTiles(LogFolder folder, FsckFindings findings, bool compareEntries)
{
    private readonly List<byte[]> _bundle = new(Tiles.FullWidth);
    private long _index;

    /// <summary>Adds a leaf's bytes to the open entry bundle.</summary>
    public void Add(byte[] leaf)
    {
        if (!compareEntries) return;
        _bundle.Add(leaf);
        if (_bundle.Count == Tiles.FullWidth) CloseBundle();
    }

    /// <summary>Compares the last, partial entry bundle.</summary>
    public void Finish()
    {
        if (_bundle.Count > 0) CloseBundle();
    }

    /// <summary>Compares one hash tile.</summary>
    public void Compare(TileId tile, byte[] rebuilt) => Compare(tile.Path, rebuilt);

    /// <summary>Whether the path is that of a tile or an entry bundle which a tree of that size has, as wide as it has it.</summary>
    public static bool IsOfTree(string path, long size)
    {
        if (EntryBundleId.TryParsePath(path, out var bundle)) return WidthAt(bundle.Index, size) == bundle.Width;
        return TileId.TryParsePath(path, out var tile) && tile.Level < 8
            && tile.Width == WidthAt(tile.Index, size >> (Tiles.Height * tile.Level));
    }

    /// <summary>A log may drop a partial tile once the full one is there (C2SP tlog-tiles),
    /// so the full one's beginning serves as well.</summary>
    public static byte[]? Read(LogFolder folder, string path, int length)
    {
        if (folder.Read(path, length) is { } file) return file;
        var partial = path.IndexOf(".p/", StringComparison.Ordinal);
        if (partial < 0) return null;
        var full = folder.Read(path[..partial], Limits.EntryBundleBytes);
        return full is null || full.Length < length ? null : full[..length];
    }

    private static long WidthAt(long index, long hashes) => Math.Clamp(hashes - index * Tiles.FullWidth, 0, Tiles.FullWidth);

    private void CloseBundle()
    {
        Compare(new EntryBundleId(_index, _bundle.Count).Path, EntryBundle.Write(_bundle));
        _bundle.Clear();
        _index++;
    }

    private void Compare(string path, byte[] rebuilt)
    {
        var file = Read(folder, path, rebuilt.Length);
        if (file is null) findings.Add(CheckNames.Tiles, FailureCode.FileMissing, path);
        else if (!file.AsSpan().SequenceEqual(rebuilt)) findings.Add(CheckNames.Tiles, FailureCode.TileMismatch, path);
    }
}
