using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ledger.Core.Checkpoints;

/// <summary>Files that are wholly the old or wholly the new after a power cut, and the new once the call returned.</summary>
internal static class DurableFile
{
    /// <summary>Replaces or creates a file. Only one caller at a time for a path.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        // 1. The new content is on the disk under another name.
        var next = path + ".next";
        using (var file = File.OpenHandle(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        // 2. One step makes it the file: a reader sees the old or the new one.
        File.Move(next, path, overwrite: true);

        // 3. The folder's entry is on the disk too: without this the rename may be undone by a power cut.
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder below one that exists, durably; leaves one that exists as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals renames, and a folder cannot be flushed there
        var folder = Open(path, 0);
        if (folder < 0) throw Failed("open", path);
        try
        {
            if (Flush(folder) != 0) throw Failed("fsync", path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failed(string call, string path) =>
        new($"{call} of folder {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    // .NET opens no folders, so these three come from libc. O_RDONLY is 0 everywhere.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
