using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ledger.DevHost.Emulators.Vault.Pace;

/// <summary>
/// Waits of fractions of a millisecond, which the runtime's timers round up to whole ones: one thread, asleep unless somebody waits.
/// </summary>
internal sealed partial class Pacer : IDisposable
{
    private const int LongestNapMicroseconds = 100; // so that a shorter wait that comes later is not late

    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();
    private readonly object gate = new();
    private Thread? thread;
    private bool disposed;

    /// <param name="end">A Stopwatch timestamp.</param>
    public Task Until(long end)
    {
        if (end <= Stopwatch.GetTimestamp())
            return Task.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (disposed)
                return Task.CompletedTask;
            waiting.Enqueue(done, end);
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "vault emulator pace" };
                thread.Start();
            }
            Monitor.Pulse(gate);
        }
        return done.Task;
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            while (waiting.TryDequeue(out var done, out _))
                done.SetResult();
            Monitor.Pulse(gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            TaskCompletionSource? due = null;
            lock (gate)
            {
                while (waiting.Count == 0)
                {
                    if (disposed)
                        return;
                    Monitor.Wait(gate);
                }
                waiting.TryPeek(out _, out var end);
                if (end <= Stopwatch.GetTimestamp())
                    due = waiting.Dequeue();
            }
            if (due is not null)
                due.SetResult();
            else
                Nap();
        }
    }

    private static void Nap()
    {
        if (OperatingSystem.IsWindows())
            Thread.Yield();
        else
            _ = SleepMicroseconds(LongestNapMicroseconds);
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepMicroseconds(uint microseconds);
}
