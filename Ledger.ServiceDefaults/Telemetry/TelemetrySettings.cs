using Microsoft.Extensions.Configuration;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>Which signals are exported, by OpenTelemetry's own variables. How is read by the SDK and the exporter themselves.
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/</summary>
public sealed class TelemetrySettings(IConfiguration configuration)
{
    /// <summary>Where telemetry goes; without it, or one of the signals' own, nothing is collected.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public bool Traces => Exports("TRACES");

    public bool Metrics => Exports("METRICS");

    public bool Logs => Exports("LOGS");

    public bool Any => Traces || Metrics || Logs;

    private bool Exports(string signal) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (HasText(EndpointVariable) || HasText($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

    private bool HasText(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
}
