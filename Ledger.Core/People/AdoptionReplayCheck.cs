using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>A tenant has one open job of <see cref="JobQueues.PeopleToAdopt"/>: a dead letter is not replayed beside a newer one.</summary>
public sealed class AdoptionReplayCheck : IReplayCheck
{
    public string Queue => JobQueues.PeopleToAdopt;

    public async Task<string?> RefusalAsync(LedgerTransaction transaction, DeadLetter letter, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            "SELECT 1 FROM jobs WHERE tenant_id = $1 AND queue = $2 AND status IN ('pending', 'running')", cancel,
            Text(letter.Tenant.Value), Text(Queue));
        return await reader.ReadAsync(cancel) ? "A newer job is at this tenant's users." : null;
    }
}
