using Ledger.Core.Entries;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Checkpoints;

/// <summary>The append path's view of the marks.</summary>
public sealed class MarkedSize(IHighWaterMarkStore marks) : IMarkedSize
{
    public async ValueTask<long?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel) =>
        (await marks.ReadAsync(tenant, epoch, cancel))?.Mark.Size;
}
