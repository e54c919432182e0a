using System.Collections.Concurrent;
using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A real client, with a test's acts before and after each submission: what they throw is a submission that failed before or after
/// it persisted.</summary>
internal sealed class HookedLog(ITransparencyLog log) : ITransparencyLog
{
    private readonly ConcurrentQueue<LogSubmission> submissions = new();

    /// <summary>What was submitted, whether it arrived or not.</summary>
    public IReadOnlyList<LogSubmission> Submissions => [.. submissions];

    public Func<Task>? BeforeSubmit { get; set; }

    public Func<LoggedEntry, Task>? AfterSubmit { get; set; }

    public SubmissionBudget? Budget { get; set; }

    public string Id => Trusted.LogId.ToHex();

    public TrustedLog Trusted => log.Trusted;

    public int Version => log.Version;

    public string Backend => log.Backend;

    public int Ordinal => log.Ordinal;

    public Uri Url => log.Url;

    public async Task<LoggedEntry> SubmitAsync(LogSubmission submission, CancellationToken cancel)
    {
        submissions.Enqueue(submission);
        if (BeforeSubmit is { } before) await before();
        var logged = await log.SubmitAsync(submission, cancel);
        if (AfterSubmit is { } after) await after(logged);
        return logged;
    }

    /// <summary>Thrown by <see cref="LatestAsync"/>.</summary>
    public LogException? NoHead { get; set; }

    public Task<LogCheckpoint> LatestAsync(CancellationToken cancel) => NoHead is { } e ? throw e : log.LatestAsync(cancel);

    public Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancel) => log.HeadsAsync(cancel);

    public Task<IReadOnlyList<Digest>> ConsistencyAsync(LogCheckpoint from, LogCheckpoint to, CancellationToken cancel) =>
        log.ConsistencyAsync(from, to, cancel);

    public Task<LoggedEntry?> FindAsync(string entryId, CancellationToken cancel) => log.FindAsync(entryId, cancel);

    public Task<IReadOnlyList<string>> SearchAsync(Digest artifact, CancellationToken cancel) => log.SearchAsync(artifact, cancel);

    public Task<bool> AnswersAsync(CancellationToken cancel) => log.AnswersAsync(cancel);
}
