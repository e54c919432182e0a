using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>Leaves in order out of <c>tile/entries/…</c>: what the public sees of a log.</summary>
internal sealed class FsckBundles(LogFolder folder, FsckFindings findings)
{
    public IEnumerable<FsckLeaf> Read(long size)
    {
        for (long index = 0; index * Tiles.FullWidth < size; index++)
        {
            var width = (int)Math.Min(Tiles.FullWidth, size - index * Tiles.FullWidth);
            var path = new EntryBundleId(index, width).Path;
            var full = new EntryBundleId(index, Tiles.FullWidth);
            // The log may have grown past this checkpoint and dropped the partial bundle: the full one begins with the same entries.
            var (file, read) = (folder.Read(path, Limits.EntryBundleBytes), width);
            if (file is null && width < Tiles.FullWidth) (file, read) = (folder.Read(full.Path, Limits.EntryBundleBytes), Tiles.FullWidth);
            if (file is null)
            {
                findings.Add(CheckNames.Entries, FailureCode.FileMissing, path);
                yield break;
            }

            if (!EntryBundle.TryRead(file, read, out var leaves, out var malformed))
            {
                findings.Add(CheckNames.Entries, malformed, path);
                yield break;
            }

            for (var i = 0; i < width; i++)
            {
                if (!Leaf.TryParse(leaves[i], out var leaf, out var failure))
                {
                    findings.Add(CheckNames.Entries, failure, path);
                    yield break;
                }

                yield return new FsckLeaf(path, leaf, leaves[i]);
            }
        }
    }
}
