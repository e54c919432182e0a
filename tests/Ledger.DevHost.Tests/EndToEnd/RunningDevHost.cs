using System.Diagnostics;
using System.Globalization;
using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Processes;
using FreePort = Ledger.Testing.FreePort;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>The DevHost as a process, on free ports, with a state folder of its own.</summary>
internal sealed class RunningDevHost : IAsyncDisposable
{
    private RunningDevHost(ProcessUnderTest process, string state) => (Process, State) = (process, state);

    public ProcessUnderTest Process { get; }

    public string State { get; }

    public string EnvFile => Path.Combine(State, "env");

    /// <summary>Returns when it says that it is healthy.</summary>
    public static Task<RunningDevHost> StartAsync(string state, params string[] arguments) => StartAsync(state, null, arguments);

    /// <param name="environment">Set for it, and so for all that it starts.</param>
    public static async Task<RunningDevHost> StartAsync(
        string state, IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        var host = await LaunchAsync(state, environment, arguments);
        await host.Process.WaitForLineAsync("Healthy.");
        return host;
    }

    public static Task<RunningDevHost> LaunchAsync(string state, params string[] arguments) => LaunchAsync(state, null, arguments);

    /// <param name="state">Its state folder.</param>
    /// <param name="environment">What is set for it beside what the tests have.</param>
    /// <param name="arguments">What else it is told; without `--api-port` the API listens on a free one.</param>
    private static async Task<RunningDevHost> LaunchAsync(
        string state, IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        string[] port = arguments.Contains("--api-port") ? [] : ["--api-port", FreePort.Next().ToString(CultureInfo.InvariantCulture)];
        return new(await ProcessUnderTest.StartDotnetAsync(
            DevHost.Processes.BuiltProgram.DevHost, environment, ["--state", state, .. port, .. arguments]), state);
    }

    /// <summary>What a shell knows after sourcing the env file, of the names it exports.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SourceAsync()
    {
        var exports = (await File.ReadAllLinesAsync(EnvFile)).Where(static line => line.StartsWith("export ", StringComparison.Ordinal));
        var names = exports.Select(static line => line["export ".Length..line.IndexOf('=', StringComparison.Ordinal)]).ToList();
        var script = $". \"$1\"; {string.Join("; ", names.Select(static name => $"printf '%s\\n' \"${name}\""))}";
        var values = await ChildProcess.RunAsync(new("sh", "sh", "-eu", "-c", script, "sh", EnvFile), CancellationToken.None);
        return names.Zip(values.Split('\n')).ToDictionary(static pair => pair.First, static pair => pair.Second);
    }

    /// <summary>Its children now: PostgreSQL, workers, API (Linux).</summary>
    public IReadOnlyList<Process> Children() => [.. Signals.ChildrenOf(Process.Id).Select(System.Diagnostics.Process.GetProcessById)];

    /// <summary>A folder that PostgreSQL's user can pass through when the tests run as root.</summary>
    public static string StateIn(TempFolder folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_001_001);
        return folder["state"];
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
