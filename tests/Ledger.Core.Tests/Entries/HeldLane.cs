using Ledger.Core.Entries;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Entries;

/// <summary>An entry in mid-commit whose gate stays shut: it holds the head's lock, and what its process is given meanwhile forms
/// the next group.</summary>
internal sealed class HeldLane
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task committed = Task.CompletedTask;

    public static async Task<HeldLane> HoldAsync(LedgerProcess process, TenantId tenant)
    {
        var held = new HeldLane();
        var entries = await process.SignedAsync(tenant, "held");
        held.committed = process.Appender.CommitAsync(tenant, new Submission(entries) { Gate = held.WaitAsync });
        await await Task.WhenAny(held.reached.Task, held.committed); // a failing commit shows here
        return held;
    }

    public Task ReleaseAsync()
    {
        released.SetResult();
        return committed;
    }

    private async Task<bool> WaitAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        reached.SetResult();
        await released.Task;
        return true;
    }
}
