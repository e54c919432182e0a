using System.Reflection;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>What every span, metric and log line says about the program that it is of.</summary>
internal static class TelemetryResource
{
    /// <summary>service.name (<c>ledger-api</c>, <c>ledger-workers</c>; OTEL_SERVICE_NAME gives another), service.version,
    /// service.instance.id; OTEL_RESOURCE_ATTRIBUTES adds to them, and wins.</summary>
    /// <param name="program">Such as <c>Ledger.Api</c>.</param>
    public static ResourceBuilder Of(string program, IConfiguration configuration)
    {
        var resource = ResourceBuilder.CreateEmpty().AddTelemetrySdk().AddService(
            configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : NameOf(program),
            serviceVersion: Version, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}");
        return resource.AddEnvironmentVariableDetector();
    }

    internal static string NameOf(string program) => program.ToLowerInvariant().Replace('.', '-');

    // Without the commit: a build says it after a plus sign.
    private static string? Version { get; } = (Assembly.GetEntryAssembly() ?? typeof(TelemetryResource).Assembly)
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
