using System.ComponentModel;
using System.Diagnostics;

namespace Ledger.AppHost.Tests.Run;

/// <summary>
/// A test that starts the whole stack with containers. Where an engine is expected (<c>LEDGER_EXPECT_CONTAINERS=true</c>) it runs, and
/// fails where there is none; elsewhere it is skipped, with the reason, where no engine answers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Find);

    public ContainerFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("LEDGER_EXPECT_CONTAINERS") == "true" ? null : Missing.Value;

    private static string? Find()
    {
        var engine = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker";
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(engine, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"needs a container engine: {engine} info says that none is running";
        }
        catch (Win32Exception)
        {
            return $"needs a container engine: there is no program {engine} (ASPIRE_CONTAINER_RUNTIME names another)";
        }
    }
}
