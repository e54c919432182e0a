using Npgsql;

namespace Ledger.Workers.Operations;

/// <summary>A step again and again until the host stops. Whatever a step throws is logged once per reason, and the loop goes on after a
/// growing pause: a dependency that is down costs lines and time, never the process.</summary>
internal abstract class Loop(TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>One step; returns how long to wait before the next.</summary>
    protected abstract Task<TimeSpan> StepAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var name = GetType().Name;
        string? failing = null;
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                wait = await StepAsync(stoppingToken);
                if (failing is not null) log.LogInformation("{Loop}: works again", name);
                (failing, pause) = (null, FirstPause);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var reason = Reason(e);
                if (reason != failing) log.LogError("{Loop}: {Reason}; goes on", name, reason);
                failing = reason;
                wait = pause;
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
            try { await Task.Delay(wait, time, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    // A fault of ours shows its kind; one of a dependency says enough by itself.
    private static string Reason(Exception e) => e switch
    {
        PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
        NpgsqlException or IOException or Core.Problems.LedgerProblemException => e.Message.ReplaceLineEndings(" "),
        _ => e.ToString(),
    };
}
