namespace Ledger.Verify.Tests.Documents;

/// <summary>A file of the repository that the running tests were built from.</summary>
internal static class RepositoryFile
{
    public static string Path(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Ledger.sln"))) return System.IO.Path.Combine(folder.FullName, path);
        }

        throw new InvalidOperationException($"no Ledger.sln above {AppContext.BaseDirectory}");
    }

    public static string Read(string path) => File.ReadAllText(Path(path));
}
