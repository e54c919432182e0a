using System.Collections.Concurrent;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tenancy;

/// <summary>What this process has seen of logs and may keep: tenants are never removed, and an epoch's origin never changes. What is
/// unknown is asked for again.</summary>
internal sealed class KnownLogs(LogReader logs)
{
    private readonly ConcurrentDictionary<TenantId, bool> tenants = new();
    private readonly ConcurrentDictionary<(TenantId, int), string> origins = new();

    public async ValueTask<bool> ContainAsync(TenantId tenant, CancellationToken cancel)
    {
        if (tenants.ContainsKey(tenant)) return true;
        if (await logs.FindAsync(tenant, null, cancel) is not { } log) return false;
        origins[(tenant, log.Epoch)] = log.Origin;
        return tenants[tenant] = true;
    }

    /// <exception cref="InvalidOperationException">There is no such epoch: an entry of it cannot exist.</exception>
    public async ValueTask<string> OriginAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        if (origins.TryGetValue((tenant, epoch), out var origin)) return origin;
        var log = await logs.FindAsync(tenant, epoch, cancel) ?? throw new InvalidOperationException($"{tenant} has no epoch {epoch}.");
        return origins[(tenant, epoch)] = log.Origin;
    }
}
