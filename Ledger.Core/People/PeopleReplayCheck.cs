using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>A person, or an invitation, has one open job: a dead letter of which there is a newer one is not replayed beside it.</summary>
/// <param name="queue">Of people or of mails.</param>
/// <param name="member">What the jobs' args name it by.</param>
public sealed class PeopleReplayCheck(string queue, string member) : IReplayCheck
{
    public string Queue => queue;

    public async Task<string?> RefusalAsync(LedgerTransaction transaction, DeadLetter letter, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT 1 FROM jobs WHERE tenant_id = $1 AND queue = $2 AND status IN ('pending', 'running') AND args ->> $3 = $4
            """, cancel, Text(letter.Tenant.Value), Text(queue), Text(member), Text(PersonJobs.IdOf(letter.Args, member).ToString()));
        return await reader.ReadAsync(cancel) ? $"A newer job is at this {member}." : null;
    }
}
