using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Collects and exports spans and metrics from when it is made until it is disposed, which exports what it still holds: see
/// <see cref="LastExport"/>.</summary>
public sealed class TelemetryPipeline : IDisposable
{
    private readonly TracerProvider? traces;
    private readonly MeterProvider? metrics;
    private readonly LoggerProvider? logs;

    /// <param name="program">Such as <c>Ledger.Api</c>.</param>
    /// <param name="logs">What collects the lines already, and is to end with this.</param>
    public TelemetryPipeline(string program, IConfiguration configuration, LoggerProvider? logs = null)
    {
        this.logs = logs;
        var settings = new TelemetrySettings(configuration);
        if (settings.Traces)
            traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(TelemetryResource.Of(program, configuration))
                .AddSource([.. TelemetryNames.Sources])
                .AddProcessor(new UnaskedSpans())
                .AddOtlpExporter(exporter => SignalVariables.Apply(exporter, "TRACES", configuration))
                .Build();
        if (settings.Metrics)
            metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(TelemetryResource.Of(program, configuration))
                .AddMeter([.. TelemetryNames.Meters])
                .AddOtlpExporter(exporter => SignalVariables.Apply(exporter, "METRICS", configuration))
                .Build();
    }

    public void Dispose()
    {
        LastExport.Run(
            milliseconds => traces?.Shutdown(milliseconds) ?? true,
            milliseconds => metrics?.Shutdown(milliseconds) ?? true,
            milliseconds => logs?.Shutdown(milliseconds) ?? true);
        traces?.Dispose();
        metrics?.Dispose();
    }
}
