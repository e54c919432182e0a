using Ledger.Core.Jobs;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Jobs;

/// <summary>Claims the jobs of one handler and runs as many at once as it takes. Told to stop, it claims no more, lets what is under way
/// end, and gives back what does not.</summary>
internal sealed class JobLoop : Loop
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly IJobHandler handler;
    private readonly JobQueue queue;
    private readonly JobRunner runner;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock guard = new();
    private readonly HashSet<Task> running = []; // guard
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously); // guard

    public JobLoop(IJobHandler handler, JobQueue queue, JobRunner runner, JobWakeups wakeups, TimeProvider time, ILogger<JobLoop> log)
        : base(time, log)
    {
        (this.handler, this.queue, this.runner, this.time) = (handler, queue, runner, time);
        wakeups.Woken += woken => { if (woken == handler.Queue) Tell(); };
    }

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        // What is told from here on is not missed: it ends the wait below.
        var heard = Listen();
        var free = handler.Concurrency - Running;
        if (free > 0 && Math.Min(free, await handler.RoomAsync(cancel) - Running) is > 0 and var room)
        {
            var claimed = await queue.ClaimAsync(handler.Queue, handler.TransparencyLog, room, cancel);
            foreach (var job in claimed) Start(job);
            if (claimed.Count == room && claimed.Count < free) return TimeSpan.Zero; // there may be more, and room for it
        }
        try { await heard.WaitAsync(Poll, time, cancel); }
        catch (TimeoutException) { }
        return TimeSpan.Zero;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task all;
        lock (guard) all = Task.WhenAll(running);
        try { await all.WaitAsync(Grace, time, cancellationToken); }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException) { }
        await ending.CancelAsync();
        await all;
    }

    public override void Dispose()
    {
        ending.Dispose();
        base.Dispose();
    }

    private int Running
    {
        get { lock (guard) return running.Count; }
    }

    private void Start(Job job)
    {
        var task = Task.Run(() => runner.RunAsync(handler, job, ending.Token), CancellationToken.None);
        lock (guard) running.Add(task);
        _ = task.ContinueWith(done =>
        {
            lock (guard) running.Remove(done);
            Tell();
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private Task Listen()
    {
        lock (guard)
        {
            news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return news.Task;
        }
    }

    private void Tell()
    {
        lock (guard) news.TrySetResult();
    }
}
