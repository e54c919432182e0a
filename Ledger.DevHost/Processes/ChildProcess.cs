using System.Diagnostics;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Processes;

/// <summary>A process we started and answer for: its output, its end, and the means to bring that about.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _pumps;

    private ChildProcess(ProcessSpec spec, Process process)
    {
        Name = spec.Name;
        Id = process.Id;
        Output = new OutputLog(spec.LogFile);
        _process = process;
        process.StandardInput.Close();
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
        Exited = ExitAsync();
    }

    public string Name { get; }

    public int Id { get; }

    public OutputLog Output { get; }

    /// <summary>The exit code, once it has ended; 128 + the signal's number when one ended it.</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildProcess> StartAsync(ProcessSpec spec) => new(spec, await Launcher.StartAsync(spec));

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="SetupFailed">It failed; the message carries its last lines.</exception>
    public static async Task<string> RunAsync(ProcessSpec spec, CancellationToken ct)
    {
        await using var child = await StartAsync(spec);
        var code = await child.Exited.WaitAsync(ct);
        return code == 0
            ? child.Output.Tail(int.MaxValue)
            : throw new SetupFailed($"{spec.Name} failed with exit code {code}:\n{child.Output.Tail()}");
    }

    /// <exception cref="SetupFailed">It ended first.</exception>
    public async Task WaitForLineAsync(Func<string, bool> wanted, CancellationToken ct)
    {
        var found = Output.FirstAsync(wanted);
        await Task.WhenAny(found, Exited).WaitAsync(ct);
        if (!found.IsCompleted)
            throw new SetupFailed($"{Name} ended with exit code {await Exited}:\n{Output.Tail()}");
    }

    /// <summary>Asks it to end by the signal, and insists by SIGKILL when patience runs out.</summary>
    public async Task StopAsync(Signal signal, TimeSpan patience)
    {
        if (!Exited.IsCompleted)
            Signals.Send(_process, signal);
        try
        {
            await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    public async Task KillAsync()
    {
        if (!Exited.IsCompleted)
            Signals.Send(_process, Signal.Kill);
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Output.Dispose();
        _process.Dispose();
    }

    private async Task PumpAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Output.Add(line);
    }

    /// <summary>A grandchild may hold the pipes open after the child's end, so the last lines are waited for, but not forever.</summary>
    private async Task<int> ExitAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => ended.TrySetResult();
        if (_process.HasExited)
            ended.TrySetResult();
        await ended.Task;
        await Task.WhenAny(_pumps, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }
}
