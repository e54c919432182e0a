using System.Collections.Concurrent;
using System.Diagnostics;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Processes;

/// <summary>
/// Starts processes from one thread that lives as long as we do: the kernel's parent-death signal is tied to the *thread* that forked,
/// so a child started from the pool would be told to stop when that pool thread retires.
/// </summary>
internal static class Launcher
{
    private static readonly BlockingCollection<Action> Work = [];

    static Launcher()
    {
        var thread = new Thread(static () =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "launcher" };
        thread.Start();
    }

    public static Task<Process> StartAsync(ProcessSpec spec)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                var process = new Process { StartInfo = StartInfo(spec), EnableRaisingEvents = true };
                process.Start();
                started.SetResult(process);
            }
            catch (Exception e)
            {
                started.SetException(new SetupFailed($"cannot start {spec.Name} ({spec.File}): {e.Message}", e));
            }
        });
        return started.Task;
    }

    private static ProcessStartInfo StartInfo(ProcessSpec spec)
    {
        string[] command = [.. Wrapper(spec), spec.File, .. spec.Arguments];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in spec.Environment)
        {
            if (value is null)
                info.Environment.Remove(name);
            else
                info.Environment[name] = value;
        }
        return info;
    }

    /// <summary>
    /// util-linux, where it is: `setsid` keeps a terminal's Ctrl-C from reaching children before we stop them in order, `setpriv` drops
    /// root and asks the kernel to end them when we are killed. Both exec, so the process id is the program's own.
    /// </summary>
    private static IEnumerable<string> Wrapper(ProcessSpec spec)
    {
        var setpriv = OperatingSystem.IsLinux() ? SearchPath.Find("setpriv") : null;
        if (spec.UserId is not null && setpriv is null)
        {
            throw new SetupFailed($"{spec.Name} must not run as root, and setpriv, which would start it as another user, is missing: "
                + "install util-linux, or run as an ordinary user");
        }
        if (setpriv is null)
            return [];
        string[] user = spec.UserId is { } id ? [$"--reuid={id}", $"--regid={id}", "--clear-groups"] : [];
        string[] session = SearchPath.Find("setsid") is { } setsid ? [setsid] : [];
        return [.. session, setpriv, .. user, "--pdeathsig", spec.SignalOnOurDeath, "--"];
    }
}
