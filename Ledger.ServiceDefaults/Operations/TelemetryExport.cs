using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ledger.ServiceDefaults.Operations;

/// <summary>Collects spans and metrics while the host runs, and flushes them when it stops. Only registered where an endpoint is
/// configured.</summary>
internal sealed class TelemetryExport(IConfiguration configuration, IHostEnvironment environment) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddSource([.. Telemetry.Sources])
            .AddOtlpExporter()
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddMeter([.. Telemetry.Meters])
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // Disposing a provider exports what it still holds.
        traces?.Dispose();
        metrics?.Dispose();
        (traces, metrics) = (null, null);
    }

    /// <summary>The program's name, unless OTEL_SERVICE_NAME gives another.</summary>
    private void Describe(ResourceBuilder resource) =>
        resource.AddService(configuration["OTEL_SERVICE_NAME"] ?? environment.ApplicationName);
}
