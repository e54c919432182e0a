using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Processes;

/// <summary>Children that are meant to run until we stop them: the end of any is an error, and is said.</summary>
internal static class Watch
{
    /// <exception cref="SetupFailed">One ended.</exception>
    /// <exception cref="OperationCanceledException">We are asked to stop.</exception>
    public static async Task UntilOneEndsAsync(IReadOnlyList<ChildProcess> children, CancellationToken stop)
    {
        var ends = children.Select(static async child => (Child: child, Code: await child.Exited)).ToList();
        await Task.WhenAny([Task.Delay(Timeout.Infinite, stop), .. ends]);
        stop.ThrowIfCancellationRequested();
        var (dead, code) = await await Task.WhenAny(ends);
        var last = dead.Output.Tail();
        throw new SetupFailed($"{dead.Name} (process {dead.Id}) ended with exit code {code}; stopping the rest. Its last lines:\n{last}");
    }
}
