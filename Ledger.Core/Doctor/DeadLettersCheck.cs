using System.Globalization;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Doctor;

/// <summary>Whether a job gave up. Each waits for a person, and for an anchor job its tenant's whole log waits too: so any is a failure.
/// </summary>
public sealed class DeadLettersCheck(DoctorDatabase database) : IDoctorCheck
{
    public string Name => "dead-letters";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var dead = await database.ListAsync("""
            SELECT queue, count(*), mode() WITHIN GROUP (ORDER BY last_error_class) FROM jobs WHERE status = 'dead_letter'
             GROUP BY queue ORDER BY queue
            """, row => (Queue: row.GetString(0), Count: row.GetInt64(1), Cause: row.GetTextOrNull(2)), cancel);
        var counts = dead.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Queue} {one.Count}")
            + (one.Cause is null ? "" : $" (mostly {one.Cause})"));
        return dead.Count == 0 ? Verdict.Pass("none") : Verdict.Fail($"{string.Join(", ", counts)}: look at /admin/api/v1/dead-letters, "
            + "mend the cause, then replay or discard them");
    }
}
