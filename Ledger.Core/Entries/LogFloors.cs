using System.Collections.Concurrent;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>How recent a floor's mark is, as one commit sees it.</summary>
public enum MarkReading
{
    /// <summary>Read for this commit, after its connection was taken.</summary>
    Now,

    /// <summary>Read for an earlier commit, not longer ago than <see cref="LogFloors.Freshness"/>.</summary>
    Lately,

    /// <summary>Its store does not answer; the floor is what this process knew before.</summary>
    Failed,
}

/// <summary>The size below which a log must not be, as one commit sees it.</summary>
/// <param name="Server">The start of the database server that the mark holds for: the one seen last before the mark was read, or one that
/// was held against it since; null where none was yet. A server that was restored or failed over to has another.</param>
public readonly record struct LogFloor(long Size, MarkReading Mark, DateTimeOffset? Server)
{
    /// <summary>Whether the mark was read since this server is there. Where it was not, the server may have been restored to before what
    /// others acknowledged, and this floor, which only knows what this process saw, cannot tell.</summary>
    public bool Knows(DateTimeOffset server) => Server == server;
}

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
    public async ValueTask<LogFloor> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        var generation = database.Generation; // before the mark: a connection made meanwhile is noticed next time
        var server = database.LastSeenServer; // likewise: one that takes over meanwhile, behind a pooler, is another
        var now = time.GetUtcNow();
        if (floors.TryGetValue((tenant, epoch), out var known) && known.Generation == generation && now - known.ReadAt < Freshness)
            return new LogFloor(known.Size, MarkReading.Lately, known.Server);
        long? marked;
        try
        {
            marked = await marks.ReadAsync(tenant, epoch, cancel);
        }
        catch (IOException e)
        {
            // With the store down, what this process knows still holds; a process that knows nothing cannot tell
            // a rollback from a fresh log.
            if (known is not null) return new LogFloor(known.Size, MarkReading.Failed, known.Server);
            throw new LedgerProblemException(
                new(ProblemTypes.StorageUnavailable, "The high-water mark cannot be read; nothing was written."), e);
        }
        if (marked is null)
            throw new LedgerProblemException(ProblemTypes.LogRolledBack, "The log has no high-water mark; nothing was written.");
        var floor = floors.AddOrUpdate((tenant, epoch), _ => new Floor(marked.Value, generation, now, null),
            (_, old) => new Floor(Math.Max(old.Size, marked.Value), generation, now, old.Server));
        return new LogFloor(floor.Size, MarkReading.Now, server);
    }

    /// <summary>Notes that the log on this server is not below its floor, the mark of which was read.</summary>
    public void Vouch(TenantId tenant, int epoch, DateTimeOffset server)
    {
        if (floors.TryGetValue((tenant, epoch), out var known) && known.Server != server)
            floors.TryUpdate((tenant, epoch), known with { Server = server }, known);
    }

    /// <summary>The next commit reads the mark again, however lately it was read.</summary>
    public void Expire(TenantId tenant, int epoch)
    {
        if (floors.TryGetValue((tenant, epoch), out var known))
            floors.TryUpdate((tenant, epoch), known with { Generation = -1 }, known);
    }

    /// <summary>Raises the floor: the caller was told that this many entries are durable.</summary>
    public void Acknowledge(TenantId tenant, int epoch, long size) =>
        floors.AddOrUpdate((tenant, epoch),
            _ => new Floor(size, -1, DateTimeOffset.MinValue, null),
            (_, old) => old with { Size = Math.Max(old.Size, size) });

    private sealed record Floor(long Size, long Generation, DateTimeOffset ReadAt, DateTimeOffset? Server);
}
