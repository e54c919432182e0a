using System.Net;
using Ledger.DevHost.Processes;

namespace Ledger.Testing.Processes;

/// <summary>
/// One of our programs, or any other, as a process of its own: killed as crash tests need it, and at the latest with the test process.
/// </summary>
public sealed class ProcessUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _child;

    private ProcessUnderTest(ChildProcess child) => _child = child;

    public int Id => _child.Id;

    /// <summary>The exit code, once it has ended; 128 + n after signal n.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>The last lines of both output streams, for messages of failed assertions.</summary>
    public string Output => _child.Output.Tail(400);

    /// <summary>Starts a built .NET program by the path of its dll, such as <see cref="BuiltProgram.Api"/>.</summary>
    /// <param name="environment">Set for it; null removes an inherited variable.</param>
    public static Task<ProcessUnderTest> StartDotnetAsync(
        string dll, IReadOnlyDictionary<string, string?>? environment = null, params string[] arguments) =>
        StartAsync(new ProcessSpec(Path.GetFileName(dll), DotnetHost.Path, [dll, .. arguments]), environment);

    /// <summary>Starts a program by its path or its name on the PATH.</summary>
    public static Task<ProcessUnderTest> StartAsync(
        string program, IReadOnlyDictionary<string, string?>? environment = null, params string[] arguments) =>
        StartAsync(new ProcessSpec(Path.GetFileName(program), program, arguments), environment);

    /// <summary>Waits for a line that contains the text; throws when the program ends before, or after a minute.</summary>
    public Task WaitForLineAsync(string text) =>
        _child.WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), new CancellationTokenSource(Patience).Token);

    /// <summary>Waits until the address answers 200; throws when the program ends before, or after a minute.</summary>
    public async Task WaitForHealthAsync(Uri address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var patience = new CancellationTokenSource(Patience);
        while (!Exited.IsCompleted)
        {
            try
            {
                using var answer = await http.GetAsync(address, patience.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !patience.IsCancellationRequested)
            {
                // Not listening yet.
            }
            await Task.Delay(50, patience.Token);
        }
        throw new InvalidOperationException($"{_child.Name} ended with exit code {await Exited}:\n{Output}");
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _child.KillAsync();

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _child.StopAsync(Signal.Terminate, Patience);
        return await Exited;
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static async Task<ProcessUnderTest> StartAsync(ProcessSpec spec, IReadOnlyDictionary<string, string?>? environment) =>
        new(await ChildProcess.StartAsync(spec with
        {
            Environment = environment ?? new Dictionary<string, string?>(),
            SignalOnOurDeath = "KILL",
        }));
}
