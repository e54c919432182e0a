using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>An export on disk, as the verifier reads it.</summary>
internal static class ExportFolder
{
    /// <summary>The folder with all its files listed; links are not followed out of it.</summary>
    public static LogFolder At(string path)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root)) throw new UnreadableException($"{path}: no such folder");
        string[] listing;
        try
        {
            listing = [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
                .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{path}: {e.Message}");
        }

        return new LogFolder(name => Open(root, name), listing);
    }

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
