using System.Diagnostics;
using System.Reflection;

namespace Ledger.AppHost.Tests.Run;

/// <summary>ledger-verify as a stranger has it: a program, a file, and the keys.</summary>
internal static class Verifier
{
    private static readonly string Program = typeof(Verifier).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "ledger-verify").Value!;

    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.GetFullPath(Program), .. arguments]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
