using System.Runtime.InteropServices;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Postgres;

/// <summary>Who runs the server. PostgreSQL refuses root, so root hands its cluster to `nobody` and starts it as that user.</summary>
internal static partial class ServerUser
{
    private const int Nobody = 65534;

    /// <summary>Null: ourselves.</summary>
    public static int? Id => OperatingSystem.IsLinux() && System.Environment.IsPrivilegedProcess ? Nobody : null;

    /// <summary>Makes a folder that only the server's user reads.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        var owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // A folder made on the way has to let the server's user through, whatever our umask is.
        var parent = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent);
            File.SetUnixFileMode(parent, Id is null ? owner : owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, owner);
        Give(path);
    }

    public static void Give(string path)
    {
        if (Id is { } id && ChangeOwner(path, id, id) != 0)
        {
            var why = Marshal.GetLastPInvokeErrorMessage();
            throw new SetupFailed($"cannot give {path} to user {id}, as whom PostgreSQL has to run when we are root: {why}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);
}
