using Ledger.ServiceDefaults.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;

namespace Ledger.ServiceDefaults;

/// <summary>What every program of this ledger has in common: a clock to inject, and telemetry where the environment asks for
/// it.</summary>
public static class ServiceDefaults
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        // A line on the console tells when; who sets Logging__Console__FormatterOptions__TimestampFormat has theirs.
        builder.Services.PostConfigure<SimpleConsoleFormatterOptions>(console =>
        {
            if (console.TimestampFormat is null)
                (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", true);
        });
        if (!string.IsNullOrWhiteSpace(builder.Configuration[Telemetry.EndpointVariable]))
        {
            builder.Services.AddHostedService<TelemetryExport>();
            builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
        }
        return builder;
    }
}
