using System.Globalization;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Doctor;

/// <summary>A queue's unfinished jobs.</summary>
/// <param name="DueFor">How long the one that is due longest has been; null where none is.</param>
/// <param name="Cause">Why that one failed last: config, network or log; null where it never failed.</param>
public sealed record QueueState(string Queue, long Depth, TimeSpan? DueFor, string? Cause);

/// <summary>Whether somebody works: jobs that are due and that nobody takes are as good as no workers.</summary>
public sealed class QueuesCheck(DoctorDatabase database) : IDoctorCheck
{
    /// <summary>A worker takes a job within seconds of its time. Anchor jobs may wait for their log's submission budget.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(5), Stuck = TimeSpan.FromHours(1);

    // The outbox of the audit trail is a queue too, with no retries.
    private const string Sql = """
        SELECT queue, count(*),
               extract(epoch FROM now() - min(next_retry_at) FILTER (WHERE status = 'pending' AND next_retry_at <= now()))::float8,
               (array_agg(last_error_class ORDER BY next_retry_at) FILTER (WHERE status = 'pending' AND next_retry_at <= now()))[1]
          FROM jobs WHERE status IN ('pending', 'running') GROUP BY queue
        UNION ALL
        SELECT 'audit', count(*), extract(epoch FROM now() - min(created_at))::float8, NULL FROM audit_outbox HAVING count(*) > 0
         ORDER BY 1
        """;

    public string Name => "queues";

    public async Task<Verdict> RunAsync(CancellationToken cancel) => Judge(await database.ListAsync(Sql,
        row => new QueueState(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : TimeSpan.FromSeconds(row.GetDouble(2)),
            row.GetTextOrNull(3)), cancel));

    internal static Verdict Judge(IReadOnlyList<QueueState> queues)
    {
        var found = new List<Verdict>();
        foreach (var queue in queues.Where(one => one.DueFor > Late))
        {
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{queue.Queue}: {queue.Depth} jobs, one due for {queue.DueFor!.Value.TotalMinutes:0} min")
                + (queue.Cause is { } cause ? $" (last failure: {cause})" : "");
            found.Add(queue.DueFor > Stuck ? Verdict.Fail($"{text}: do workers run?") : Verdict.Warn($"{text}: do workers run?"));
        }
        return Verdict.Worst(found, queues.Count == 0 ? "empty"
            : string.Join(", ", queues.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Queue} {one.Depth}"))));
    }
}
