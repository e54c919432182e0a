namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>What is still held is sent when a program ends: all signals at once, and for no longer than <see cref="Patience"/> in all. A
/// collector that does not answer costs a command or a stop that much and no more; left alone, the SDK waits five seconds for each
/// signal, one after the other.</summary>
internal static class LastExport
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <param name="ends">Each given the milliseconds that it may take; threads of their own, since they block.</param>
    public static void Run(params IEnumerable<Func<int, bool>> ends)
    {
        var milliseconds = (int)Patience.TotalMilliseconds;
        Task[] running = [.. ends.Select(end => Task.Factory.StartNew(() => end(milliseconds), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(running);
    }
}
