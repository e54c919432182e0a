using System.Globalization;

namespace Ledger.DevHost.Setup;

/// <summary>A folder of state that one process holds at a time: by `lock` in it, and by `pid` it says who. The kernel lets go of it when
/// the process ends, however it does.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _lock;

    private FolderLock(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Full.</summary>
    public string Path { get; }

    /// <exception cref="SetupFailed">Another process holds it.</exception>
    /// <exception cref="IOException">The folder is not there, or cannot be written.</exception>
    public static FolderLock Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var held = new FolderLock(full, Open(full));
        File.WriteAllText(held.Pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return held;
    }

    public void Dispose()
    {
        File.Delete(Pid);
        _lock.Dispose();
    }

    private string Pid => PidOf(Path);

    private static string PidOf(string folder) => System.IO.Path.Combine(folder, "pid");

    private static FileStream Open(string full)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            var who = File.Exists(PidOf(full)) ? $" (process {File.ReadAllText(PidOf(full)).Trim()})" : "";
            throw new SetupFailed($"another DevHost{who} is using {full}: stop it, or choose another folder with --state DIR", e);
        }
    }
}
