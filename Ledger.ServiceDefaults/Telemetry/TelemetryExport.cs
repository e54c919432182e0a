using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Collects while the host runs, and flushes when it stops. Only registered where an endpoint is configured, and before all
/// others: it is the last to stop.</summary>
/// <param name="logs">None where lines are not exported.</param>
internal sealed class TelemetryExport(IConfiguration configuration, IHostEnvironment environment, LoggerProvider? logs = null)
    : IHostedService, IDisposable
{
    private TelemetryPipeline? pipeline;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pipeline = new TelemetryPipeline(environment.ApplicationName, configuration, logs);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        pipeline?.Dispose();
        pipeline = null;
    }
}
