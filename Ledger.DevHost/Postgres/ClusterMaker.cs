using Ledger.DevHost.Processes;

namespace Ledger.DevHost.Postgres;

/// <summary>initdb, such that a crash in the middle leaves no half cluster behind: made aside, then renamed.</summary>
internal static class ClusterMaker
{
    public static async Task MakeAsync(ClusterOptions options, CancellationToken ct)
    {
        if (Directory.Exists(options.Data))
            return;
        ServerUser.MakeFolder(options.Folder);
        var aside = options.Data + ".new";
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        var passwordFile = Path.Combine(options.Folder, "initdb.password");
        WritePrivately(passwordFile, options.Password);
        try
        {
            await ChildProcess.RunAsync(new("initdb", options.Binaries.Tool("initdb"),
                "--pgdata", aside, "--username=postgres", "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                options.Fsync ? "--data-checksums" : "--no-sync")
            { UserId = ServerUser.Id, WorkingDirectory = options.Folder }, ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(aside, options.Data);
    }

    private static void WritePrivately(string file, string text)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file, options))
            writer.Write(text);
        if (!OperatingSystem.IsWindows())
            ServerUser.Give(file);
    }
}
