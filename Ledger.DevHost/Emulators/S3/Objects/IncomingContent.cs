using System.Security.Cryptography;
using Ledger.DevHost.Emulators.S3.Checksums;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>Bytes on their way into a file, with what is made of them; a file that is not kept is removed.</summary>
internal sealed class IncomingContent : IAsyncDisposable
{
    private readonly FileStream file;
#pragma warning disable CA5351 // An ETag is MD5 by its definition; nothing relies on it but its equality.
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IRunningChecksum? checksum;
    private readonly string path;
    private bool kept;

    /// <param name="folder">Where it stays.</param>
    /// <param name="algorithm">A checksum to make; null: none.</param>
    public IncomingContent(string folder, ChecksumAlgorithm? algorithm)
    {
        Name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        path = Path.Combine(folder, Name);
        Algorithm = algorithm;
        checksum = algorithm?.Start();
        file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 64 << 10, useAsync: true);
    }

    /// <summary>Of the file.</summary>
    public string Name { get; }

    public ChecksumAlgorithm? Algorithm { get; }

    public long Length { get; private set; }

    public byte[] Md5 { get; private set; } = [];

    /// <summary>Hex.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Null: none was asked for.</summary>
    public Checksum? Checksum { get; private set; }

    public string ETag => Convert.ToHexStringLower(Md5);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        md5.AppendData(bytes.Span);
        sha256.AppendData(bytes.Span);
        checksum?.Append(bytes.Span);
        Length += bytes.Length;
        await file.WriteAsync(bytes).ConfigureAwait(false);
    }

    public async Task CopyFromAsync(Stream source, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (length > 0)
        {
            var some = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length));
            var read = await source.ReadAsync(some, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("the content is shorter than its record says");
            await WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            length -= read;
        }
    }

    /// <summary>Nothing more comes: it is on the disk, and its hashes are known.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
        await file.DisposeAsync().ConfigureAwait(false);
        (Md5, Sha256) = (md5.GetHashAndReset(), Convert.ToHexStringLower(sha256.GetHashAndReset()));
        if (checksum is not null)
            Checksum = new Checksum(Algorithm!.Name, Convert.ToBase64String(checksum.Finish()));
    }

    /// <summary>A record names it now.</summary>
    public void Keep() => kept = true;

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync().ConfigureAwait(false);
        md5.Dispose();
        sha256.Dispose();
        if (!kept)
            File.Delete(path);
    }
}
