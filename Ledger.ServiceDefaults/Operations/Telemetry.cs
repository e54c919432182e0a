namespace Ledger.ServiceDefaults.Operations;

/// <summary>The names under which this ledger's spans and metrics are known; one place, so that what emits them and what collects them
/// agree.</summary>
public static class Telemetry
{
    /// <summary>The name of our own ActivitySource and Meter. The meter has the queue's and the anchoring's metrics (docs/jobs.md); no
    /// spans are emitted under it: requests, Vault calls and statements are spans of the runtime's and the driver's own sources.</summary>
    public const string Ledger = "Ledger";

    /// <summary>Sources collected: ours, and what the runtime and the database driver emit by themselves.</summary>
    public static readonly IReadOnlyList<string> Sources = [Ledger, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    /// <summary>Meters collected.</summary>
    public static readonly IReadOnlyList<string> Meters =
        [Ledger, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"];

    /// <summary>Where telemetry goes (OTLP); without it nothing is collected. The other OTEL_* variables are read by the exporter
    /// itself.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
}
