using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>What a log's high-water mark says, as the append path needs it.
/// Implemented over the mark's store in Checkpoints, which is above this folder.</summary>
public interface IMarkedSize
{
    /// <summary>The marked size, or null where the log has no mark.</summary>
    /// <exception cref="IOException">The store cannot be reached.</exception>
    ValueTask<long?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel);
}
