using Ledger.DevHost.Processes;

namespace Ledger.DevHost.Tests.Clients;

/// <summary>An independent client, run to its end with a home of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Exit code and all output.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string program, string home, params string[] arguments)
    {
        // Neither may look for anything but what it is given: no proxy, no TUF cache of the person's.
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = home,
            ["TUF_ROOT"] = Path.Combine(home, "tuf"),
            ["HTTPS_PROXY"] = "http://127.0.0.1:1",
            ["NO_PROXY"] = "127.0.0.1,localhost",
        };
        var spec = new ProcessSpec(Path.GetFileName(program), program, arguments) { Environment = environment };
        await using var child = await ChildProcess.StartAsync(spec);
        using var patience = new CancellationTokenSource(Patience);
        var code = await child.Exited.WaitAsync(patience.Token);
        return (code, child.Output.Tail(int.MaxValue));
    }
}
