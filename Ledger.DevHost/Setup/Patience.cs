namespace Ledger.DevHost.Setup;

/// <summary>Waits for a server that is still starting, but not forever.</summary>
/// <param name="limit">Null: a minute.</param>
internal sealed class Patience(TimeProvider time, TimeSpan? limit = null)
{
    /// <summary>What one attempt may take.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _limit = limit ?? TimeSpan.FromMinutes(1);

    /// <param name="who">Whom it waits for, as a message begins with it.</param>
    /// <param name="ask">Null when it is there, else why it is not yet.</param>
    /// <exception cref="SetupFailed">The time is up; the message has the last reason.</exception>
    public async Task WaitAsync(string who, Func<CancellationToken, Task<string?>> ask, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (await ask(ct) is { } reason)
        {
            if (time.GetElapsedTime(start) >= _limit)
                throw new SetupFailed($"{who} is not there after {_limit.TotalSeconds:0} s: {reason}");
            await Task.Delay(Pause, time, ct);
        }
    }
}
