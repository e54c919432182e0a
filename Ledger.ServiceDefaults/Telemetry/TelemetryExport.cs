using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Collects while the host runs, and flushes when it stops. Only registered where an endpoint is configured.</summary>
internal sealed class TelemetryExport(IConfiguration configuration, IHostEnvironment environment) : IHostedService, IDisposable
{
    private TelemetryPipeline? pipeline;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pipeline = new TelemetryPipeline(environment.ApplicationName, configuration);
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
