using System.Globalization;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary><c>sys/health</c>, without a token: 200 or 503, or what <c>activecode</c>, <c>sealedcode</c> say instead.</summary>
internal static class HealthRoute
{
    public const string Version = "1.21.4";

    public static Answer Of(IQueryCollection query, SealState seal, bool isSealed, DateTimeOffset now)
    {
        var status = isSealed ? 503 : 200;
        (string, bool)[] codes = [("uninitcode", false), ("sealedcode", isSealed), ("standbycode", false), ("activecode", !isSealed)];
        foreach (var (name, applies) in codes)
        {
            if (!query.TryGetValue(name, out var text))
                continue;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                return Answer.Error(400);
            if (applies)
                status = code;
        }
        if (status == 204)
            return Answer.NoContent;
        return Answer.Json(status, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("initialized", true);
            json.WriteBoolean("sealed", isSealed);
            json.WriteBoolean("standby", isSealed);
            json.WriteBoolean("performance_standby", false);
            json.WriteString("replication_performance_mode", isSealed ? "unknown" : "disabled");
            json.WriteString("replication_dr_mode", isSealed ? "unknown" : "disabled");
            json.WriteNumber("server_time_utc", now.ToUnixTimeSeconds());
            json.WriteString("version", Version);
            json.WriteBoolean("enterprise", false);
            if (!isSealed)
            {
                json.WriteString("cluster_name", seal.ClusterName);
                json.WriteString("cluster_id", seal.ClusterId);
            }
            json.WriteNumber("echo_duration_ms", 0);
            json.WriteNumber("clock_skew_ms", 0);
            json.WriteNumber("replication_primary_canary_age_ms", 0);
            json.WriteEndObject();
        });
    }
}
