using Ledger.Core.Entries;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Checkpoints;

/// <summary>The append path's view of the marks.</summary>
public sealed class MarkedSize(IHighWaterMarkStore marks) : IMarkedSize
{
    /// <summary>More entries than any log has: what is to be said of an epoch after which another was shown.</summary>
    private const long Closed = long.MaxValue;

    /// <summary>The marked size; of an epoch that was closed, a size that no log has. A database from before the next epoch was opened
    /// still takes the closed one for the current.</summary>
    public async ValueTask<long?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        if (await marks.ReadAsync(tenant, epoch + 1, cancel) is { Mark.Size: > 0 }) return Closed;
        return (await marks.ReadAsync(tenant, epoch, cancel))?.Mark.Size;
    }
}
