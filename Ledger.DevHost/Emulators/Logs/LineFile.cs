using System.Text.Json;

namespace Ledger.DevHost.Emulators.Logs;

/// <summary>
/// Entries of a log that survive a restart and a kill: one JSON value a line, appended and flushed to the disk one by one.
/// </summary>
internal sealed class LineFile<T> : IDisposable
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly FileStream file;

    private LineFile(FileStream file) => this.file = file;

    /// <summary>What is in it, and the file ready for more. A last line that a kill cut short was never acknowledged: it goes.</summary>
    public static LineFile<T> Open(string path, ICollection<T> entries)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (var line in bytes.AsSpan(0, whole).Split((byte)'\n'))
        {
            if (line.Start.GetOffset(whole) < line.End.GetOffset(whole))
                entries.Add(JsonSerializer.Deserialize<T>(bytes.AsSpan(line), Options)!);
        }
        file.SetLength(whole);
        file.Position = whole;
        return new LineFile<T>(file);
    }

    public void Append(T entry)
    {
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, Options), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => file.Dispose();
}
