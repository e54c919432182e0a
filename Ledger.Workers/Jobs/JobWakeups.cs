namespace Ledger.Workers.Jobs;

/// <summary>Ends the waits of this process's job loops early. Who is not waiting misses it, and finds the work by itself.</summary>
internal sealed class JobWakeups
{
    /// <summary>Given the queue's name.</summary>
    public event Action<string>? Woken;

    public void Wake(string queue) => Woken?.Invoke(queue);
}
