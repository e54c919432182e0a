using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>The variables of one signal, such as OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, before those of all. The exporter reads only the
/// latter by itself where each signal has an exporter of its own.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/#configuration-options</remarks>
internal static class SignalVariables
{
    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    public static void Apply(OtlpExporterOptions exporter, string signal, IConfiguration configuration)
    {
        string? Given(string what) => configuration[$"OTEL_EXPORTER_OTLP_{signal}_{what}"] is { Length: > 0 } given ? given : null;

        if (Given("PROTOCOL") is { } protocol)
            exporter.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        // As it is: a signal's own address has its path.
        if (Uri.TryCreate(Given("ENDPOINT"), UriKind.Absolute, out var endpoint)) exporter.Endpoint = endpoint;
        if (Given("HEADERS") is { } headers) exporter.Headers = headers;
        if (int.TryParse(Given("TIMEOUT"), out var milliseconds)) exporter.TimeoutMilliseconds = milliseconds;
    }
}
