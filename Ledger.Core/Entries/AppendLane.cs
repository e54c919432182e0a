using System.Diagnostics;
using System.Threading.Channels;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Entries;

/// <summary>One tenant's way to its log in this process: what arrives while a group commit is under way forms the next group.</summary>
internal sealed class AppendLane(TenantId tenant, ChainWriter writer, AppendMetrics? metrics)
{
    /// <summary>Entries in one group commit, unless a single batch brings more.</summary>
    public const int EntriesPerCommit = 1000;

    // An epoch is opened, or a server takes over, once; two servers that answer in turn are nothing to write to.
    private const int Tries = 10;

    private readonly Channel<Submission> waiting = Channel.CreateUnbounded<Submission>();
    private int waitingEntries;
    private int running; // 1 while a task owns the reading end

    public Task<CommitOutcome> CommitAsync(Submission submission)
    {
        if (Interlocked.Add(ref waitingEntries, Weight(submission)) > AppendLimits.WaitingEntries)
        {
            Interlocked.Add(ref waitingEntries, -Weight(submission));
            throw new LedgerProblemException(ProblemTypes.Overloaded, "Too many appends of this tenant are waiting; nothing was written.");
        }
        waiting.Writer.TryWrite(submission);
        if (Interlocked.CompareExchange(ref running, 1, 0) == 0) _ = LedgerSpans.Detach(RunAsync);
        return submission.Done.Task;
    }

    private async Task RunAsync()
    {
        do
        {
            var group = new List<Submission>();
            while (TakeGroup(group))
            {
                await CommitGroupAsync(group);
                group = [];
            }
            Interlocked.Exchange(ref running, 0); // a full fence: the look below must not happen before others can see this
            // A submission written between the last look and this line started no task: look again.
        }
        while (waiting.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref running, 1, 0) == 0);
    }

    private bool TakeGroup(List<Submission> group)
    {
        var entries = 0;
        while (entries < EntriesPerCommit && waiting.Reader.TryRead(out var submission))
        {
            group.Add(submission);
            entries += Weight(submission);
        }
        Interlocked.Add(ref waitingEntries, -entries);
        return group.Count > 0;
    }

    // A batch whose items were all refused still takes a key and a turn: without a weight any number of them could wait.
    private static int Weight(Submission submission) => Math.Max(1, submission.Entries.Count);

    // No caller's cancellation reaches a group: others' entries are in it.
    private async Task CommitGroupAsync(IReadOnlyList<Submission> group, int tries = 1)
    {
        using var span = LedgerSpans.StartShared("ledger.group_commit", group.Select(submission => submission.WaitedForBy));
        if (span is not null) Describe(span, group);
        try
        {
            var outcomes = await writer.CommitAsync(tenant, group, CancellationToken.None);
            metrics?.Committed(outcomes);
            for (var i = 0; i < group.Count; i++) group[i].Done.TrySetResult(outcomes[i]);
        }
        catch (CommitAgainException) when (tries < Tries)
        {
            await CommitGroupAsync(group, tries + 1);
        }
        catch (CommitAgainException e)
        {
            span.Fail(nameof(CommitAgainException));
            var problem = new LedgerProblem(ProblemTypes.DatabaseUnavailable,
                "Another database server takes over time and again; nothing was written.");
            foreach (var submission in group) submission.Done.TrySetException(new LedgerProblemException(problem, e));
        }
        catch (PostgresException e) when (group.Count > 1 && e.SqlState.AsSpan()[..2] is "22" or "23")
        {
            // The database refused a row although every item had been checked: let nobody suffer for another's.
            foreach (var submission in group) await CommitGroupAsync([submission]);
        }
        catch (Exception e)
        {
            span.Fail(AppendMetrics.OutcomeOf(e));
            foreach (var submission in group) submission.Done.TrySetException(e);
        }
    }

    private void Describe(Activity span, IReadOnlyList<Submission> group)
    {
        span.SetTag("ledger.tenant", tenant.Value).SetTag("ledger.submissions", group.Count)
            .SetTag("ledger.entries", group.Sum(submission => submission.Entries.Count));
        foreach (var submission in group) submission.CommittedBy = span.Context;
    }
}
