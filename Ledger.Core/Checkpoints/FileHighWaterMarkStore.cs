using Ledger.Core.Tenancy;
using Ledger.Verify;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Checkpoints;

/// <summary>Marks as files <c>DIRECTORY/TENANT/EPOCH</c>, for one machine. Writers exclude each other by a lock file; readers need none,
/// since a mark is renamed into place.</summary>
public sealed class FileHighWaterMarkStore(IOptions<HighWaterMarkOptions> options, TimeProvider time) : IHighWaterMarkStore
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);

    private readonly string directory = Path.GetFullPath(options.Value.Directory);

    public async ValueTask<StoredMark?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        var path = PathOf(tenant, epoch);
        byte[] bytes;
        try { bytes = await File.ReadAllBytesAsync(path, cancel); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A log without a mark is one thing, a store that is not mounted another: the second must never pass for the first.
            return Directory.Exists(directory) ? null
                : throw new IOException($"The folder of high-water marks is not there: {directory}", e);
        }
        catch (UnauthorizedAccessException e) { throw Refused(e); }
        if (!MarkText.TryParse(bytes, out var mark) || mark.Tenant != tenant || mark.Epoch != epoch)
            throw new IOException($"Not a high-water mark: {path}");
        return new StoredMark(mark, Digest.Sha256(bytes).ToHex());
    }

    public async ValueTask<bool> TryCreateAsync(HighWaterMark mark, CancellationToken cancel)
    {
        try
        {
            DurableFile.CreateFolder(directory);
            DurableFile.CreateFolder(Path.Combine(directory, mark.Tenant.Value));
            using var held = await LockAsync(mark.Tenant, mark.Epoch, cancel);
            if (await ReadAsync(mark.Tenant, mark.Epoch, cancel) is not null) return false;
            DurableFile.Replace(PathOf(mark.Tenant, mark.Epoch), MarkText.Format(mark));
            return true;
        }
        catch (UnauthorizedAccessException e) { throw Refused(e); }
    }

    public async ValueTask<bool> TryReplaceAsync(StoredMark read, HighWaterMark next, CancellationToken cancel)
    {
        if (read.Mark.Tenant != next.Tenant || read.Mark.Epoch != next.Epoch)
            throw new ArgumentException("A mark is replaced by one of the same log.", nameof(next));
        try
        {
            using var held = await LockAsync(next.Tenant, next.Epoch, cancel);
            if ((await ReadAsync(next.Tenant, next.Epoch, cancel))?.Version != read.Version) return false;
            DurableFile.Replace(PathOf(next.Tenant, next.Epoch), MarkText.Format(next));
            return true;
        }
        catch (UnauthorizedAccessException e) { throw Refused(e); }
    }

    // The kernel lets go of it when its process dies, so a lock is never left behind; the file itself stays.
    private async ValueTask<FileStream> LockAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        var path = PathOf(tenant, epoch) + ".lock";
        var start = time.GetTimestamp();
        while (true)
        {
            try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (DirectoryNotFoundException) { throw; }
            catch (IOException) when (time.GetElapsedTime(start) < LockPatience) { await Task.Delay(LockPause, time, cancel); }
        }
    }

    // The one failure of a file that is no IOException; to whoever needs the mark it is the same outage.
    private static IOException Refused(UnauthorizedAccessException e) =>
        new($"The store of high-water marks refuses access: {e.Message}", e);

    private string PathOf(TenantId tenant, int epoch) =>
        Path.Combine(directory, tenant.Value, epoch.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
