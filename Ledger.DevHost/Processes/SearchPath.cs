namespace Ledger.DevHost.Processes;

/// <summary>The folders of PATH, and the first program of a name in them.</summary>
internal static class SearchPath
{
    public static IEnumerable<string> Folders() =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    public static string? Find(string program)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return Folders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
