using System.Text.RegularExpressions;
using Ledger.Core.Jobs;
using Ledger.Core.Tests.Documents;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Jobs;

/// <summary>The diagram of docs/jobs.md is what the table allows and the queue does.</summary>
public sealed partial class JobStateDiagramTests
{
    [PostgresFact]
    public async Task The_diagram_has_the_states_of_the_table()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var check = await ledger.ScalarAsync<string>("""
            SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = 'ledger.jobs'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''running''%'
            """);
        var states = Quoted().Matches(check).Select(m => m.Groups[1].Value);
        Assert.Equal(states.Order(), Edges().SelectMany(e => new[] { e.From, e.To }).Where(s => s != "[*]").Distinct().Order());
    }

    [PostgresFact]
    public async Task Every_arrow_of_the_diagram_is_something_that_happens()
    {
        foreach (var (from, to, how) in Edges().Where(e => e.To != "[*]"))
        {
            await using var queue = await QueueUnderTest.StartAsync();
            var act = Acts[how];
            if (from != "[*]") await queue.EnqueueAsync(QueueUnderTest.Job(queue: JobQueues.CheckpointAnchors, maxAttempts: 2));
            var job = from is "running" or "dead_letter" ? await queue.ClaimOneAsync(JobQueues.CheckpointAnchors) : null;
            if (from == "dead_letter") job = await KillAsync(queue, job!);
            if (from == "disabled") await FollowAsync(queue, "off");
            if (from != "[*]") Assert.Equal(from, await queue.RowAsync("status"));
            await act(queue, job!);
            Assert.Equal((how, to), (how, await queue.RowAsync("status")));
        }
    }

    [Fact]
    public void Nothing_else_is_known_to_happen() =>
        Assert.Equal(Acts.Keys.Order(), Edges().Where(e => e.To != "[*]").Select(e => e.How).Order());

    private static readonly Dictionary<string, Func<QueueUnderTest, Job, Task>> Acts = new()
    {
        ["enqueued"] = (queue, _) => queue.EnqueueAsync(QueueUnderTest.Job()),
        ["claimed"] = (queue, _) => queue.ClaimAsync(JobQueues.CheckpointAnchors),
        ["completed"] = (queue, job) => queue.CompleteAsync(job),
        ["failed"] = FailAsync,
        ["given back"] = (queue, job) => queue.Jobs.PostponeAsync(job, TimeSpan.Zero, null, CancellationToken.None),
        ["rescued"] = async (queue, _) =>
        {
            await queue.LapseLeasesAsync();
            await queue.Upkeep.RescueAsync(CancellationToken.None);
        },
        ["failed for the last time"] = async (queue, job) => await KillAsync(queue, job),
        ["policy off"] = (queue, _) => FollowAsync(queue, "off"),
        ["policy on"] = (queue, _) => FollowAsync(queue, "checkpoint"),
        ["replayed"] = (queue, job) => queue.DeadLetters().ReplayAsync(job.Tenant, job.Id, "alice", CancellationToken.None),
        ["discarded"] = (queue, job) => queue.DeadLetters().DiscardAsync(job.Tenant, job.Id, "alice", CancellationToken.None),
    };

    private static Task<bool> FailAsync(QueueUnderTest queue, Job job) =>
        queue.Jobs.FailAsync(job, new JobFailedException(JobErrorClass.Log, "no"), CancellationToken.None);

    private static async Task<Job> KillAsync(QueueUnderTest queue, Job job)
    {
        await FailAsync(queue, job);
        queue.Ledger.Time.Advance(JobLimits.LongestPause);
        var last = await queue.ClaimOneAsync(JobQueues.CheckpointAnchors);
        await FailAsync(queue, last);
        return last;
    }

    private static async Task FollowAsync(QueueUnderTest queue, string policy)
    {
        await queue.Ledger.SqlAsync($"UPDATE tenants SET anchor_policy = '{policy}'");
        using var meter = new Core.Telemetry.LedgerMeter();
        var upkeep = new Core.Anchoring.AnchorUpkeep(queue.Database, new Core.Anchoring.TransparencyLogs([], new([], [])),
            new Core.Anchoring.AnchorMetrics(meter), queue.Ledger.Time);
        await upkeep.FollowPoliciesAsync(CancellationToken.None);
    }

    private static IEnumerable<(string From, string To, string How)> Edges() => Arrow().Matches(Markdown.Read("docs/jobs.md").Text)
        .Select(m => (m.Groups["from"].Value, m.Groups["to"].Value, m.Groups["how"].Value));

    [GeneratedRegex(@"^ {4}(?<from>\S+) --> (?<to>[^\s:]+)(: (?<how>.+))?$", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex("'([a-z_]+)'")]
    private static partial Regex Quoted();
}
