using Ledger.ServiceDefaults.Telemetry;
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
        ServerSpans.LetThemBeTagged();
        var settings = new TelemetrySettings(builder.Configuration);
        if (settings.Any) builder.Services.AddHostedService<TelemetryExport>();
        if (settings.Logs)
            builder.Logging.AddOpenTelemetry(logs =>
            {
                // The line as the console has it, so that what is searched for there is found here too.
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(TelemetryResource.Of(builder.Environment.ApplicationName, builder.Configuration));
                logs.AddOtlpExporter(exporter => SignalVariables.Apply(exporter, "LOGS", builder.Configuration));
            });
        return builder;
    }
}
