using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>Removes Idempotency-Keys whose day is over, of all tenants. Runs as the workers' role.</summary>
public sealed class IdempotencyCleaning(LedgerDatabase database, TimeProvider time)
{
    public const int KeysPerStep = 1000;

    /// <summary>Removes up to <see cref="KeysPerStep"/> keys; returns how many.</summary>
    public async Task<int> CleanAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var removed = await IdempotencyStore.CleanAsync(transaction, time.GetUtcNow(), KeysPerStep, cancel);
        await transaction.CommitAsync(cancel);
        return removed;
    }
}
