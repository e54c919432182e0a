using Ledger.Testing.Telemetry;

namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>The names that the collector gives a metric in Prometheus.
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/</summary>
internal static class PrometheusName
{
    // ledger.append.duration, s, histogram: ledger_append_duration_seconds_bucket, _count, _sum
    public static IEnumerable<string> Of(ReceivedMetric metric)
    {
        var name = metric.Name.Replace('.', '_');
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return metric.Kind switch
        {
            "histogram" => [$"{name}_bucket", $"{name}_count", $"{name}_sum"],
            "counter" => [$"{name}_total"],
            _ => [name],
        };
    }

    public static IEnumerable<string> LabelsOf(ReceivedMetric metric) =>
        metric.Points.SelectMany(point => point.Labels.Keys).Select(label => label.Replace('.', '_'))
            .Concat(["job", "instance", .. metric.Kind == "histogram" ? ["le"] : Array.Empty<string>()]);
}
