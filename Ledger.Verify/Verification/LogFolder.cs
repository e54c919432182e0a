namespace Ledger.Verify.Verification;

/// <summary>
/// Where a log's files come from: a folder, a web address, memory. The only way in which <see cref="Fsck"/> reads anything.
/// </summary>
/// <param name="open">
/// The content of a path such as <c>tile/0/x001/067</c>, or null when there is no such file. Anything else that goes wrong is an
/// <see cref="IOException"/>: it must not look like an absent file.
/// </param>
/// <param name="listing">All paths, where the source can list them (an export folder); null for a web address.</param>
public sealed class LogFolder(Func<string, Stream?> open, IReadOnlyCollection<string>? listing = null)
{
    /// <summary>All paths of the folder, or null when the source cannot list them.</summary>
    public IReadOnlyCollection<string>? Listing { get; } = listing;

    /// <summary>A stream over the file, or null when there is none.</summary>
    public Stream? Open(string path) => open(path);

    /// <summary>The whole file, or null when there is none. A file over <paramref name="maxBytes"/> is cut one byte after it:
    /// no reader takes that for the right one.</summary>
    public byte[]? Read(string path, int maxBytes)
    {
        using var stream = open(path);
        if (stream is null) return null;
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Length <= maxBytes)
        {
            var wanted = (int)Math.Min(buffer.Length, maxBytes + 1 - content.Length);
            var read = stream.Read(buffer, 0, wanted);
            if (read == 0) break;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    /// <summary>The files below a folder, as a folder of their own: a later epoch of an export.</summary>
    public LogFolder Below(string name)
    {
        var prefix = name + "/";
        var below = Listing
            ?.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..])
            .ToArray();
        return new LogFolder(path => open(prefix + path), below);
    }
}
