using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ledger.DevHost.Processes;

/// <summary>POSIX signals by their numbers, the same on Linux and macOS.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

internal static partial class Signals
{
    /// <summary>Sends a signal; Windows has none, there every one of them is an end by force.</summary>
    public static void Send(Process process, Signal signal)
    {
        if (signal != Signal.Kill && !OperatingSystem.IsWindows())
            _ = Kill(process.Id, (int)signal);
        else
            process.Kill();
    }

    public static void Send(int processId, Signal signal)
    {
        if (!OperatingSystem.IsWindows())
            _ = Kill(processId, (int)signal);
    }

    /// <summary>True while a process of this id is there, whoever owns it (Linux and macOS).</summary>
    public static bool IsAlive(int processId) => Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted;

    /// <summary>The processes whose parent is the given one, from /proc; empty where there is none.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                // "4711 (post gres) S 4700 …": the name may hold blanks and parentheses; the parent is the second word behind it.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == processId.ToString(CultureInfo.InvariantCulture))
                    children.Add(id);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return children;
    }

    private const int NotPermitted = 1;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
