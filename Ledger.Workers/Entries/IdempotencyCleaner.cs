using Ledger.Core.Entries;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Entries;

/// <summary>Removes expired Idempotency-Keys. Nothing depends on when: an expired key counts as free from its own instant on.</summary>
internal sealed class IdempotencyCleaner(IdempotencyCleaning cleaning, TimeProvider time, ILogger<IdempotencyCleaner> log) : Loop(time, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel) =>
        await cleaning.CleanAsync(cancel) == IdempotencyCleaning.KeysPerStep ? TimeSpan.Zero : Pause;
}
