namespace Ledger.DevHost.Setup;

/// <summary>
/// The folder of everything that outlives a run (`--state`), held by one DevHost at a time: `lock`, `pid`, `secrets.json`, `ports.json`,
/// `rekor.json`, `marks.json`, `env`, `trust.json`, `trusted_root.json`, `anchor.pub`, and the folders `postgres`, `vault`, `keycloak`,
/// `rekor`, `rekor2`, `tsa`, `mail`, `s3`, `marks` (high-water marks, unless `s3` has them), `logs`.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FolderLock _lock;

    private StateFolder(FolderLock held) => _lock = held;

    public string Path => _lock.Path;

    public string Env => this["env"];

    public string Trust => this["trust.json"];

    public string TrustedRoot => this["trusted_root.json"];

    public string AnchorKey => this["anchor.pub"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Takes the lock, and removes the last run's `env`: it is there only while everything is healthy.</summary>
    /// <exception cref="SetupFailed">Another DevHost holds it, or the folder cannot be made.</exception>
    public static StateFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            MakeFolder(full);
            var state = new StateFolder(FolderLock.Take(full));
            File.Delete(state.Env);
            foreach (var folder in new[] { "vault", "keycloak", "rekor", "rekor2", "tsa", "mail", "s3", "marks", "logs" })
                MakePrivate(state[folder]);
            return state;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SetupFailed($"cannot write in {full} ({e.Message}): choose another folder with --state DIR", e);
        }
    }

    public string LogFile(string name) => System.IO.Path.Combine(Path, "logs", name + ".log");

    public void Dispose() => _lock.Dispose();

    /// <summary>
    /// 0711 for root, whose PostgreSQL runs as another user and has to pass through; 0700 otherwise. What is secret is 0600 in any case.
    /// </summary>
    private static void MakeFolder(string full)
    {
        if (Directory.Exists(full))
            return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full);
            return;
        }
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(full);
        File.SetUnixFileMode(full, Postgres.ServerUser.Id is null ? mode : mode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>Nobody else passes through the state folder into these.</summary>
    public static void MakePrivate(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
