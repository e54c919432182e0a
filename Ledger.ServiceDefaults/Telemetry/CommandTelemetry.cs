using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>One run of a command by hand, as one trace: it collects from here on, and disposing it exports.</summary>
public sealed class CommandTelemetry : IDisposable
{
    private static readonly ActivitySource Source = new(TelemetryNames.Ledger);

    private readonly TelemetryPipeline pipeline;
    private readonly Activity? span;

    /// <param name="program">Such as <c>Ledger.Workers</c>.</param>
    /// <param name="command">Its words without arguments and options, such as <c>tenant add</c>: those may be anything.</param>
    public CommandTelemetry(string program, string command)
    {
        pipeline = new TelemetryPipeline(program, new ConfigurationBuilder().AddEnvironmentVariables().Build());
        span = Source.StartActivity("ledger.command");
        span?.SetTag("ledger.command", command);
    }

    /// <summary>How it ended.</summary>
    public void End(int exitCode)
    {
        span?.SetTag("process.exit.code", exitCode);
        if (exitCode != 0) span?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        span?.Dispose();
        pipeline.Dispose();
    }
}
