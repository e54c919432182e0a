using Ledger.Core.Tenancy;

namespace Ledger.Core.Tenants;

/// <summary>A file that is nobody else's and never outlives its use: where it can be, its name is gone as soon as it is open.</summary>
internal static class SpoolFile
{
    private const int BufferBytes = 64 * 1024;

    /// <exception cref="IOException">No room, or no folder for temporary files.</exception>
    public static FileStream Open(IdSource ids, DateTimeOffset now)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ledger-export-{ids.NewId(now):N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path); // a killed process leaves nothing behind either
        return file;
    }
}
