namespace Ledger.Testing;

/// <summary>Where the repository is that the running tests were built from.</summary>
public static class RepositoryPath
{
    /// <summary>The folder that holds Ledger.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the repository's root.</summary>
    public static string Of(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path in the folder `shared` beside the repository; it may not exist.</summary>
    public static string Shared(string path) => Path.Combine(Root, "..", "shared", path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ledger.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"no Ledger.sln above {AppContext.BaseDirectory}");
    }
}
