using System.Formats.Tar;

namespace Ledger.Core.Tenants;

/// <summary>Files into a tar, one after the other, each with its length before it: nothing is kept.</summary>
/// <param name="folder">Before every path, with its slash; empty for none.</param>
/// <param name="at">The files' time: of the checkpoint that they are of, so that the same log gives the same files.</param>
internal sealed class ExportTar(TarWriter tar, string folder, DateTimeOffset at)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public Task AddAsync(string path, byte[] content, CancellationToken cancel) =>
        WriteAsync(new UstarTarEntry(TarEntryType.RegularFile, folder + path), new MemoryStream(content, writable: false), cancel);

    /// <summary>A file of any length: more than the 8 GiB that a plain header can say.</summary>
    public Task AddAsync(string path, Stream content, CancellationToken cancel) =>
        WriteAsync(new PaxTarEntry(TarEntryType.RegularFile, folder + path), content, cancel);

    private async Task WriteAsync(TarEntry entry, Stream content, CancellationToken cancel)
    {
        (entry.Mode, entry.ModificationTime, entry.DataStream) = (Readable, at, content);
        await tar.WriteEntryAsync(entry, cancel);
    }
}
