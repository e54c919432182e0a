using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Collects and exports spans and metrics from when it is made until it is disposed, which exports what it still holds.</summary>
public sealed class TelemetryPipeline : IDisposable
{
    private readonly TracerProvider? traces;
    private readonly MeterProvider? metrics;

    /// <param name="program">Such as <c>Ledger.Api</c>.</param>
    public TelemetryPipeline(string program, IConfiguration configuration)
    {
        var settings = new TelemetrySettings(configuration);
        if (settings.Traces)
            traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(TelemetryResource.Of(program, configuration))
                .AddSource([.. TelemetryNames.Sources])
                .AddProcessor(new UnaskedSpans())
                .AddOtlpExporter()
                .Build();
        if (settings.Metrics)
            metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(TelemetryResource.Of(program, configuration))
                .AddMeter([.. TelemetryNames.Meters])
                .AddOtlpExporter()
                .Build();
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}
