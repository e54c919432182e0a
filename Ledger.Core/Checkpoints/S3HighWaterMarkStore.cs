using System.Globalization;
using Ledger.Core.Storage;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Checkpoints;

/// <summary>Marks as objects <c>PREFIX TENANT/EPOCH</c> of a bucket, the same bytes as the file store's. The storage must answer a read
/// with the last write that it acknowledged, and honour <c>If-Match</c> and <c>If-None-Match: *</c>.</summary>
public sealed class S3HighWaterMarkStore(IOptions<HighWaterMarkOptions> options, ObjectStorage storage) : IHighWaterMarkStore
{
    private readonly HighWaterMarkOptions settings = options.Value;

    public async ValueTask<StoredMark?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        var name = NameOf(tenant, epoch);
        if (await storage.ReadAsync(name, MarkText.MaxBytes, cancel) is not { } read) return null;
        if (!MarkText.TryParse(read.Content, out var mark) || mark.Tenant != tenant || mark.Epoch != epoch)
            throw new IOException($"Not a high-water mark: {name}");
        return new StoredMark(mark, read.Version);
    }

    public async ValueTask<bool> TryCreateAsync(HighWaterMark mark, CancellationToken cancel) =>
        await storage.TryWriteAsync(NameOf(mark.Tenant, mark.Epoch), MarkText.Format(mark), null, cancel);

    public async ValueTask<bool> TryReplaceAsync(StoredMark read, HighWaterMark next, CancellationToken cancel)
    {
        if (read.Mark.Tenant != next.Tenant || read.Mark.Epoch != next.Epoch)
            throw new ArgumentException("A mark is replaced by one of the same log.", nameof(next));
        return await storage.TryWriteAsync(NameOf(next.Tenant, next.Epoch), MarkText.Format(next), read.Version, cancel);
    }

    private ObjectName NameOf(TenantId tenant, int epoch) =>
        new(settings.Bucket, $"{settings.Prefix}{tenant}/{epoch.ToString(CultureInfo.InvariantCulture)}");
}
