using System.Collections.Concurrent;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>The size below which a log must not be: what its mark says or what this process acknowledged, whichever is more.
/// A database that was restored from a backup is behind it, and appending there would fork the log.</summary>
public sealed class LogFloors(IMarkedSize marks, LedgerDatabase database, TimeProvider time)
{
    /// <summary>A mark is read again when the last reading is older than this and the tenant is written.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<(TenantId, int Epoch), Floor> floors = new();

    /// <summary>The floor, its mark read again at first touch, after the database was connected anew, and every few seconds.</summary>
    /// <exception cref="LedgerProblemException">log-rolled-back: the log has no mark.
    /// storage-unavailable: no mark could ever be read here.</exception>
    public async ValueTask<long> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        var generation = database.Generation; // before the mark: a connection made meanwhile is noticed next time
        var now = time.GetUtcNow();
        if (floors.TryGetValue((tenant, epoch), out var known) && known.Generation == generation && now - known.ReadAt < Freshness)
            return known.Size;
        long? marked;
        try
        {
            marked = await marks.ReadAsync(tenant, epoch, cancel);
        }
        catch (IOException e)
        {
            // With the store down, what this process knows still holds; a process that knows nothing cannot tell
            // a rollback from a fresh log.
            return known?.Size
                ?? throw new LedgerProblemException(
                    new(ProblemTypes.StorageUnavailable, "The high-water mark cannot be read; nothing was written."), e);
        }
        if (marked is null)
            throw new LedgerProblemException(ProblemTypes.LogRolledBack, "The log has no high-water mark; nothing was written.");
        return floors.AddOrUpdate((tenant, epoch), _ => new Floor(marked.Value, generation, now),
            (_, old) => new Floor(Math.Max(old.Size, marked.Value), generation, now)).Size;
    }

    /// <summary>Raises the floor: the caller was told that this many entries are durable.</summary>
    public void Acknowledge(TenantId tenant, int epoch, long size) =>
        floors.AddOrUpdate((tenant, epoch),
            _ => new Floor(size, -1, DateTimeOffset.MinValue),
            (_, old) => old with { Size = Math.Max(old.Size, size) });

    private sealed record Floor(long Size, long Generation, DateTimeOffset ReadAt);
}
