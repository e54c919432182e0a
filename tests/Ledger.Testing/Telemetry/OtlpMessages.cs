using System.Buffers.Binary;
using System.Globalization;

namespace Ledger.Testing.Telemetry;

/// <summary>The parts of OTLP's messages that tests look at, by their fields' numbers.
/// https://github.com/open-telemetry/opentelemetry-proto/tree/v1.7.0/opentelemetry/proto</summary>
internal static class OtlpMessages
{
    /// <summary>ExportTraceServiceRequest: resource_spans 1 { resource 1, scope_spans 2 { scope 1, spans 2 } }.</summary>
    public static IEnumerable<ReceivedSpan> Spans(byte[] request) =>
        Items(request).Select(item => Span(item.Resource.GetValueOrDefault("service.name", ""), item.Scope, [.. item.Field.Fields]));

    /// <summary>ExportMetricsServiceRequest: resource_metrics 1 { resource 1, scope_metrics 2 { scope 1, metrics 2 } }.</summary>
    public static IEnumerable<ReceivedMetric> Metrics(byte[] request) =>
        Items(request).Select(item => Metric(item.Resource.GetValueOrDefault("service.name", ""), item.Scope, [.. item.Field.Fields]));

    /// <summary>ExportLogsServiceRequest: resource_logs 1 { resource 1, scope_logs 2 { scope 1, log_records 2 } }.</summary>
    public static IEnumerable<ReceivedLog> Logs(byte[] request) =>
        Items(request).Select(item => Log(item.Resource.GetValueOrDefault("service.name", ""), item.Scope, [.. item.Field.Fields]));

    /// <summary>What every request begins with.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Resources(byte[] request) =>
        Wire.Read(request).Select(all => Attributes(all.Fields.First(f => f.Number == 1).Fields, 1));

    private static IEnumerable<(Dictionary<string, string> Resource, string Scope, WireField Field)> Items(byte[] request)
    {
        foreach (var all in Wire.Read(request))
        {
            var resource = Attributes(all.Fields.First(f => f.Number == 1).Fields, 1);
            foreach (var scoped in all.Fields.Where(f => f.Number == 2))
            {
                var scope = scoped.Fields.Where(f => f.Number == 1).SelectMany(f => f.Fields).FirstOrDefault(f => f.Number == 1).Text;
                foreach (var item in scoped.Fields.Where(f => f.Number == 2)) yield return (resource, scope, item);
            }
        }
    }

    // Span: trace_id 1, span_id 2, parent_span_id 4, name 5, kind 6, attributes 9, links 13 { trace_id 1, span_id 2 }, status 15 { code 3 }.
    private static ReceivedSpan Span(string service, string scope, List<WireField> fields) => new(service, scope, Hex(fields, 1),
        Hex(fields, 2), Hex(fields, 4), Text(fields, 5), (int)Number(fields, 6),
        fields.Where(f => f.Number == 15).SelectMany(f => f.Fields).Where(f => f.Number == 3).Select(f => (int)f.Value).FirstOrDefault(),
        Attributes(fields, 9),
        [.. fields.Where(f => f.Number == 13).Select(link => (Hex([.. link.Fields], 1), Hex([.. link.Fields], 2)))]);

    // Metric: name 1, unit 3, gauge 5, sum 7 { is_monotonic 3 }, histogram 9; each with data_points 1.
    private static ReceivedMetric Metric(string service, string scope, List<WireField> fields)
    {
        var data = fields.First(f => f.Number is 5 or 7 or 9);
        var kind = data.Number switch
        {
            5 => "gauge",
            9 => "histogram",
            _ => data.Fields.Any(f => f.Number == 3 && f.Value == 1) ? "counter" : "updowncounter",
        };
        var points = data.Fields.Where(f => f.Number == 1).Select(point => point.Fields.ToList()).ToList();
        // HistogramDataPoint: count 4, explicit_bounds 7 packed, attributes 9. NumberDataPoint: as_double 4, as_int 6, attributes 7.
        var isHistogram = data.Number == 9;
        return new ReceivedMetric(service, scope, Text(fields, 1), Text(fields, 3), kind,
            [.. points.Select(p => ((IReadOnlyDictionary<string, string>)Attributes(p, isHistogram ? 9 : 7), Value(p, isHistogram)))],
            !isHistogram || points.Count == 0 ? [] : Bounds(points[0]));
    }

    private static double Value(List<WireField> point, bool isHistogram)
    {
        var value = point.FirstOrDefault(f => f.Number is 4 or 6);
        return isHistogram ? value.Value : value.Number == 6 ? (long)value.Value : value.Double;
    }

    private static List<double> Bounds(List<WireField> point)
    {
        var packed = point.FirstOrDefault(f => f.Number == 7).Bytes;
        return [.. Enumerable.Range(0, packed.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(packed.Span[(i * 8)..]))];
    }

    // LogRecord: severity_number 2, body 5, attributes 6, trace_id 9.
    private static ReceivedLog Log(string service, string scope, List<WireField> fields) => new(service, scope, (int)Number(fields, 2),
        fields.Where(f => f.Number == 5).Select(Value).FirstOrDefault() ?? "", Hex(fields, 9), Attributes(fields, 6));

    // KeyValue: key 1, value 2.
    private static Dictionary<string, string> Attributes(IEnumerable<WireField> fields, int number)
    {
        var found = new Dictionary<string, string>();
        foreach (var pair in fields.Where(f => f.Number == number).Select(f => f.Fields.ToList()))
            found[Text(pair, 1)] = pair.Where(f => f.Number == 2).Select(Value).FirstOrDefault() ?? "";
        return found;
    }

    // AnyValue: string 1, bool 2, int 3, double 4; others are not looked into.
    private static string Value(WireField any)
    {
        var value = any.Fields.FirstOrDefault();
        return value.Number switch
        {
            1 => value.Text,
            2 => value.Value == 1 ? "true" : "false",
            3 => ((long)value.Value).ToString(CultureInfo.InvariantCulture),
            4 => value.Double.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static string Text(List<WireField> fields, int number) => fields.FirstOrDefault(f => f.Number == number).Text;

    private static string Hex(List<WireField> fields, int number) => fields.FirstOrDefault(f => f.Number == number).Hex;

    private static ulong Number(List<WireField> fields, int number) => fields.FirstOrDefault(f => f.Number == number).Value;
}
