using System.Collections.Concurrent;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tenancy;

/// <summary>The origins that this process has seen and may keep: an epoch's never changes.</summary>
internal sealed class KnownLogs(LogReader logs)
{
    private readonly ConcurrentDictionary<(TenantId, int), string> origins = new();

    /// <exception cref="InvalidOperationException">There is no such epoch: an entry of it cannot exist.</exception>
    public async ValueTask<string> OriginAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        if (origins.TryGetValue((tenant, epoch), out var origin)) return origin;
        var log = await logs.FindAsync(tenant, epoch, cancel) ?? throw new InvalidOperationException($"{tenant} has no epoch {epoch}.");
        return origins[(tenant, epoch)] = log.Origin;
    }
}
