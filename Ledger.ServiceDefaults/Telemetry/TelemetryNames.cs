namespace Ledger.ServiceDefaults.Telemetry;

/// <summary>The names of what is collected. docs/telemetry.md lists all that arrives.</summary>
public static class TelemetryNames
{
    /// <summary>Our own ActivitySource and Meter.</summary>
    public const string Ledger = "Ledger";

    /// <summary>Sources collected: ours, and what the runtime and the database driver emit by themselves.</summary>
    public static readonly IReadOnlyList<string> Sources = [Ledger, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    /// <summary>Meters collected.</summary>
    public static readonly IReadOnlyList<string> Meters =
        [Ledger, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"];
}
