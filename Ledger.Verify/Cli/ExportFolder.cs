using System.IO.Enumeration;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>An export on disk, as the verifier reads it.</summary>
internal static class ExportFolder
{
    /// <summary>The folder with all its files listed. A link to a folder is listed like a file:
    /// it may lead out, or round in a circle.</summary>
    public static LogFolder At(string path)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root)) throw new UnreadableException($"{path}: no such folder");
        string[] listing;
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
            listing = [.. new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
            }.Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{path}: {e.Message}");
        }

        var listed = listing.ToHashSet(StringComparer.Ordinal);
        return new LogFolder(name => listed.Contains(name) ? Open(root, name) : null, listing);
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static FileStream? Open(string root, string name)
    {
        var file = Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));
        try
        {
            return File.Exists(file) ? File.OpenRead(file) : null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
